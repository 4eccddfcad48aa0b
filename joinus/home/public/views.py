"""Pages anyone may open: what Join Us is, in two versions (R-026), privacy, accessibility.

They hold words only; the help lines are the one thing read from the database.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import pdf
from core.qr import qr_svg
from core.texts.models import TextVersion
from core.texts.publishing import wording
from core.texts.rendering import as_html
from participants.consent.at_home import may_speak_of_parents_to
from participants.models import Trajectory


@login_not_required
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """For young people: the steps, who it is for (R-024, R-042 in the words of C-33), the cost."""
    return render(request, "home/how_it_works.html", _speaks_to(request))


@login_not_required
@require_safe
def for_parents(request: HttpRequest) -> HttpResponse:
    return render(request, "home/for_parents.html")


@login_not_required
@require_safe
def brochure(request: HttpRequest) -> HttpResponse:
    """R-110: what parents can read and keep, in the language of the page."""
    text = wording("brochure", get_language() or "nl")
    return render(request, "home/brochure.html", {"text": text, "html": as_html(text)})


@login_not_required
@require_safe
def brochure_pdf(request: HttpRequest) -> HttpResponse:
    """The same words on paper; laid out once per wording, then kept for a day."""
    language = get_language() or "nl"
    text = wording("brochure", language)
    fingerprint = TextVersion.fingerprint(text.title, text.body)
    key = f"brochure:{language}:{fingerprint[:32]}"
    content = cache.get(key)
    if content is None:
        context = {"text": text, "html": as_html(text)}
        content = pdf.from_template("home/brochure_pdf.html", context)
        cache.set(key, content, 24 * 60 * 60)
    return pdf.paper(content, f"join-us-{language}.pdf")


@login_not_required
@require_safe
def for_professionals(request: HttpRequest) -> HttpResponse:
    """For social work, education and welfare: criteria and method in professional terms (C-33)."""
    return render(request, "home/for_professionals.html")


@login_not_required
@require_safe
def talk_aid(request: HttpRequest) -> HttpResponse:
    """One A4 for whoever points somebody to us: a talk to begin, strips to give away (R-312)."""
    site = settings.SITE_URL.rstrip("/")
    address = f"{site}/?via={Trajectory.Channel.REFERRER.value}"
    return render(
        request,
        "home/talk_aid.html",
        {
            "address": address,
            "shown": urlsplit(site).netloc,
            "qr": qr_svg(address, _("QR code to this site")),
        },
    )


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html", _speaks_to(request))


@login_not_required
@require_safe
def privacy_of_parents(request: HttpRequest) -> HttpResponse:
    """What is kept of parents themselves, for them to read (trust.md 6)."""
    return render(request, "home/privacy_of_parents.html")


def _speaks_to(request: HttpRequest) -> dict[str, bool]:
    """A page for everybody, opened by somebody whose home may not know, holds no word of it."""
    return {"speaks_of_parents": may_speak_of_parents_to(request.user)}


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")
