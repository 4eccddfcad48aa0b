"""What a young person said yes to, and taking it back (R-086)."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.forms import attempt, show
from participants.access import own_stay
from participants.consent import agreements
from participants.consent.needed import asks_parents
from participants.models import Trajectory


@require_http_methods(["GET", "HEAD", "POST"])
def agreements_page(request: SignedIn) -> HttpResponse:
    """Read, tick, yes; and just as easily no more. Research stands apart."""
    stay = own_stay(request)
    language = get_language() or "nl"
    unticked = _unticked(request)
    asked = request.method == "POST" and unticked is None
    if asked and (tried := attempt(request, partial(_act, request, stay))):
        messages.success(request, tried.result)
        return redirect("participants:agreements")
    lines = agreements.lines(stay, language)
    return show(
        request,
        "participants/account/agreements.html",
        {
            "stay": stay,
            "lines": lines,
            "asks_parents": asks_parents(stay),
            "running": stay.phase not in Trajectory.Phase.OVER and stay.stopped_on is None,
            "agreed": any(line.given for line in lines),
            "begin": next((o.subject for o in lines if o.needed and not o.given), ""),
            "unticked": unticked,
        },
        refused=request.method == "POST",
    )


def _unticked(request: SignedIn) -> str | None:
    """What a yes was asked for without its tick; said at that tick."""
    if request.method != "POST" or request.POST.get("act") or request.POST.get("yes") == "on":
        return None
    return request.POST.get("subject", "")


def _act(request: SignedIn, stay: Trajectory) -> str:
    """Take back or say yes; what it says when it is done."""
    subject = request.POST.get("subject", "")
    if request.POST.get("act") == "withdraw":
        agreements.withdraw_agreement(trajectory=stay, subject=subject, by=request.user)
        return _("Your consent is withdrawn.")
    text = agreements.text_shown(subject, request.POST.get("text", ""))
    if request.POST.get("act") == "read":
        agreements.say_read(trajectory=stay, subject=subject, text=text, by=request.user)
        return _("Thank you for reading it.")
    agreements.give_agreement(trajectory=stay, subject=subject, text=text, by=request.user)
    return _("Saved. Thank you.")
