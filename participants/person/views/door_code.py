"""Handing a code (worker), who made one for me (young person), "that was not me" (coordinator)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import one_time, ways_in
from core.accounts.actors import SignedIn
from core.accounts.signin import is_shared
from core.forms import attempt
from core.qr import qr_svg
from participants.access import page_of, stay_or_404
from participants.permissions import HAND_CODE
from participants.person import door_code


@require_http_methods(["GET", "HEAD", "POST"])
def hand_code(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The code is shown once, in the answer to the tap; going back shows a new choice."""
    stay = stay_or_404(request, trajectory_id, HAND_CODE)
    context: dict[str, Any] = {
        "stay": stay,
        "name": stay.shown_name,
        "back": page_of(stay),
        "door": ways_in.door_of(stay.participant.contact),
    }
    if request.method == "POST":
        tried = attempt(request, door_code.hand_code, trajectory=stay, by=request.user)
        if not tried:
            return redirect("participants:hand_code", stay.pk)
        handed = tried.result
        path = reverse("account_one_time_link", args=[handed.token])
        context |= {
            "handed": handed,
            "qr": qr_svg(settings.SITE_URL + path, _("QR code to sign in once")),
            "address": settings.SITE_URL.split("://")[-1] + reverse("account_one_time_code"),
        }
    else:
        context["codes"] = door_code.made_lately(stay)
    return render(request, "participants/hand_code.html", context)


@require_POST
def take_back(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id, HAND_CODE)
    door_code.take_back(trajectory=stay, by=request.user)
    messages.success(request, _("The code works no more."))
    return redirect("participants:hand_code", stay.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def own_codes(request: SignedIn) -> HttpResponse:
    """Who made a code for me, when, and was it used; *that was not me* is one tap."""
    user = request.user
    if not user.is_participant:
        raise Http404
    if request.method == "POST":
        row = door_code.of_own(user, request.POST.get("code", ""))
        if row is None:
            return redirect("participants:own_codes")
        if request.POST.get("act") == "not_me":
            one_time.dispute_code(row=row, by=user, keep=request)
            messages.success(
                request,
                _(
                    "Thank you for telling. Everywhere else you are signed out now. Somebody of"
                    " Join Us who is not in your group will talk with you about it."
                ),
            )
        else:
            one_time.confirm_code(row=row, by=user)
            messages.success(request, _("Good, then it is fine."))
        return redirect("participants:own_codes")
    return render(
        request,
        "participants/account/codes.html",
        {
            "codes": door_code.own_codes(user),
            "shared": is_shared(request),
            "door": ways_in.door_of(user.contact) if user.contact else None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def disputed(request: SignedIn, code_id: UUID) -> HttpResponse:
    """The coordinator of the region: what was said, what to do, done."""
    user = request.user
    row = get_object_or_404(door_code.disputed_to(user), pk=code_id)
    if request.method == "POST":
        one_time.settle_dispute(row=row, by=user)
        messages.success(request, _("Noted. Thank you."))
        return redirect("home:today")
    return render(request, "participants/disputed_code.html", {"row": row})
