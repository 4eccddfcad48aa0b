"""What lies ready in a worker's browser for when there is no connection.

A page without a name, the same for everybody in a language, and the script that stands between the
pages and the network. Today's names lie elsewhere: in the browser's own store, under the worker,
until 04:00 (static/js/evening_store.js). They are shown without signing in for that evening,
since a crisis in a room without a signal does not wait for a session (trust.md 13).
"""

import json
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from groups.sheet.rows import NOBODY

FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/forms.css",
    "css/staff.css",
    "css/evening.css",
    "css/offline.css",
    "fonts/atkinson-hyperlegible-next.woff2",
    "img/favicon.svg",
    "js/joinus.js",
    "js/evening_store.js",
    "js/queue.js",
    "js/attendance.js",
    "js/lines.js",
    "js/no_connection.js",
)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("taal", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _shell(language: str) -> str:
    """Without the request: there is nobody on it."""
    with translation.override(language):
        return render_to_string("groups/sheet/no_connection.html")


@login_not_required
@require_safe
def no_connection(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_shell(_language(request)))


@login_not_required
@require_safe
def worker_script(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that it stands between every page and the network.

    `name` changes with what it keeps, and the browser then fetches all of it anew.
    """
    language = _language(request)
    kept = {
        "api": reverse("groups:attendance_api", args=[NOBODY]).replace(str(NOBODY), "*"),
        "shell": f"{reverse('groups:no_connection')}?taal={language}",
        "files": [static(name) for name in FILES],
    }
    mark = sha256((json.dumps(kept) + _shell(language)).encode()).hexdigest()[:12]
    told = json.dumps(kept | {"name": f"joinus-{mark}"})
    scripts = json.dumps([static("js/evening_store.js"), static("js/worker.js")])
    answer = HttpResponse(
        f"self.kept = {told};\nimportScripts(...{scripts});\n",
        content_type="text/javascript; charset=utf-8",
    )
    answer["Cache-Control"] = "no-cache"
    return answer
