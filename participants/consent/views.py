"""What a young person said yes to, and taking it back (R-086)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.errors import RuleBroken
from participants.access import own_stay
from participants.consent import agreements
from participants.consent.needed import asks_parents


@require_http_methods(["GET", "HEAD", "POST"])
def agreements_page(request: SignedIn) -> HttpResponse:
    """Read, tick, yes; and just as easily no more. Research stands apart."""
    stay = own_stay(request)
    language = get_language() or "nl"
    wrong = ""
    if request.method == "POST":
        subject = request.POST.get("subject", "")
        try:
            if request.POST.get("act") == "withdraw":
                agreements.withdraw_agreement(trajectory=stay, subject=subject, by=request.user)
                messages.success(request, _("You took back your yes."))
            elif request.POST.get("yes") == "on":
                text = agreements.text_shown(subject, request.POST.get("text", ""))
                agreements.give_agreement(
                    trajectory=stay, subject=subject, text=text, by=request.user
                )
                messages.success(request, _("Thank you. Your yes is kept."))
            else:
                raise RuleBroken(_("Tick the box first, please."), code="not_ticked")
        except RuleBroken as broken:
            wrong = broken.message
            messages.error(request, wrong)
        else:
            return redirect("participants:agreements")
    return render(
        request,
        "participants/account/agreements.html",
        {
            "stay": stay,
            "lines": agreements.lines(stay, language),
            "asks_parents": asks_parents(stay),
        },
        status=422 if wrong else 200,
    )
