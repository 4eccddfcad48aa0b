"""What pages tell the scripts that keep taps until they are sent: whose they are, and the words."""

import json
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.templatetags.face import ATTENDANCE_WORDS
from groups.sheet.attendance import NEXT
from groups.sheet.rows import NOBODY
from groups.sheet.views.whose_phone import kept_under

register = template.Library()


@register.inclusion_tag("groups/sheet/queue.html", takes_context=True)
def queue_of_taps(context: template.Context) -> dict[str, Any]:
    """On every page of who fills in sheets; nothing on a shared device, and nothing for others."""
    request = context.get("request")
    who = kept_under(request) if request is not None and hasattr(request, "user") else ""
    if not who:
        return {}
    language = get_language() or ""
    return _queue(context) | {
        "who": who,
        "worker": f"{reverse('groups:worker_script')}?taal={language}",
    }


@register.inclusion_tag("groups/sheet/queue.html", takes_context=True)
def queue_of_whoever(context: template.Context) -> dict[str, Any]:
    """On the page without a connection, where nobody is known to us."""
    return _queue(context)


def _queue(context: template.Context) -> dict[str, Any]:
    return {
        "shown": True,
        "api": reverse("groups:attendance_api", args=[NOBODY]).removesuffix("attendance"),
        "words": json.dumps(_of_the_queue()),
        "csp_nonce": context.get("csp_nonce"),
    }


@register.simple_tag
def sheet_words() -> str:
    """The words of a row that is drawn before the server knows it."""
    return json.dumps(
        {
            "states": {state: str(ATTENDANCE_WORDS[state]) for state in NEXT},
            "next": {str(state): str(then) for state, then in NEXT.items()},
            "counts": {
                "present": _("%(n)s here") % {"n": "{n}"},
                "absent_with_notice": _("%(n)s told us") % {"n": "{n}"},
                "absent_without_notice": _("%(n)s not") % {"n": "{n}"},
                "not_recorded": "{n} ?",
            },
            "then": _("A tap makes it"),
            "unsent": _("not sent yet"),
            "undo": _("Undo"),
            "undo_later": _(
                "Undo works again with a connection. Tap the name itself to change something now."
            ),
            "clash": _("%(who)s wrote down “%(state)s” at %(at)s. Tap again if it must change.")
            % {"who": "{who}", "state": "{state}", "at": "{at}"},
            "look": _("Look at it"),
            "not_network": _("No connection. This was not saved; try it again."),
            "not_server": _("The server does not work just now. This was not saved; try it again."),
            "no_network": _("No connection. Try it again in a moment."),
            "no_server": _("The server does not work just now. Try it again in a moment."),
            "refused": _("This was not saved. Reload the page and look how it stands."),
        }
    )


def _of_the_queue() -> dict[str, str]:
    return {
        "waiting": _("{n} not sent yet"),
        "waiting_one": _("{n} not sent yet"),
        "soon": _("being sent now"),
        "network": _("goes by itself later"),
        "server": _("the server does not work just now; goes by itself later"),
        "out": _("Sign in, then it goes by itself"),
        "other": _("Somebody else is signed in here. Only you can send these."),
        "leaving": _(
            "{n} things (taps, lines) were not sent yet. If you sign out now, they are gone. Tap"
            " “Sign out” again if that is what you want."
        ),
        "leaving_one": _(
            "One thing (a tap or a line) was not sent yet. If you sign out now, it is gone. Tap"
            " “Sign out” again if that is what you want."
        ),
        "late": _("{n} taps were saved after the meeting was over."),
        "late_one": _("One tap was saved after the meeting was over."),
        "not_saved": _("{n} taps were not saved: look at the list how it stands."),
        "not_saved_one": _("One tap was not saved: look at the list how it stands."),
        "refused": _("Not saved. {why}"),
        "unsent": _("No connection. What you typed is still here; press again in a moment."),
        "look": _("Look at it"),
    }
