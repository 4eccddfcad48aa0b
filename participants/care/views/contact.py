"""Staying in touch: attempts, a worry and its settling, who stopped; the coordinator's side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import carry_out, sent, show
from core.ids import uuid7
from participants.access import stay_or_404
from participants.care.contact import latest_attempts, note_attempt, open_worry
from participants.care.forms import AttemptForm, SettleForm, ThinkAlongForm
from participants.care.ready_words import ready_words
from participants.care.stop_heard import hear_stop, own_words
from participants.care.todos import stopped_by_themselves
from participants.care.worry import ask_to_think_along, settle_worry, think_along
from participants.models import Trajectory, Worry
from participants.signup.choices import CHANNEL, shown


@keeps("reach.settle", "reach.along", "reach.attempt")
@require_http_methods(["GET", "POST"])
@transaction.atomic
def reach_out(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The safe way first, then what came of it; a worry stands on top until it is settled."""
    stay = stay_or_404(request, trajectory_id)
    opened(request.user, "contact", [stay.pk], request)
    act = request.POST.get("act", "")
    worry = open_worry(stay)
    forms: dict[str, Any] = {
        "attempt": AttemptForm(sent(request, "attempt"), initial={"attempt_id": uuid7()}),
        "along": ThinkAlongForm(sent(request, "along")),
        "settle": SettleForm(sent(request, "settle")),
    }
    if request.method == "POST":
        if act not in forms:
            raise BadRequest("No such act.")
        form = forms[act]
        if form.is_valid() and _done(request, stay, worry, act, form):
            ends = act == "attempt" and form.cleaned_data["conclusion"] != "worried"
            if ends or act == "settle":
                return redirect("home:today")
            return redirect("participants:reach", stay.pk)
    context = _context(stay, worry) | {"forms": forms, "words": ready_words(stay, request.user)}
    return show(request, "participants/reach.html", context, *forms.values())


def _done(request: SignedIn, stay: Trajectory, worry: Worry | None, act: str, form: Any) -> bool:
    given, user = form.cleaned_data, request.user
    done: object = True
    if act == "attempt":
        done = carry_out(form, note_attempt, trajectory=stay, by=user, **given)
    elif worry is None:
        messages.info(request, _("You settled this together already."))
    elif act == "along":
        done = carry_out(form, ask_to_think_along, worry=worry, by=user, **given)
    else:
        done = carry_out(form, settle_worry, worry=worry, note=given["settled_note"], by=user)
    if done:
        messages.success(request, _("Kept."))
    return bool(done)


def _context(stay: Trajectory, worry: Worry | None) -> dict[str, Any]:
    contact = stay.participant.contact
    return {
        "stay": stay,
        "person": stay.participant,
        "contact": contact,
        "channels": [shown(c, CHANNEL) for c in contact.safe_channels],
        "by_phone": bool({"phone", "whatsapp"} & set(contact.safe_channels)),
        "by_mail": "email" in contact.safe_channels,
        "worry": worry,
        "attempts": latest_attempts(stay),
    }


@require_http_methods(["GET", "POST"])
@transaction.atomic
def thinking_along(request: SignedIn, worry_id: UUID) -> HttpResponse:
    """The coordinator reads broad words, the group and whom to call: no name (trust.md 3)."""
    worry = get_object_or_404(
        Worry.objects.broadly_visible_to(request.user).select_related(
            "asked_by", "trajectory__group"
        ),
        pk=worry_id,
    )
    opened(request.user, "worry in broad terms", [worry.trajectory_id], request)
    if request.method == "POST":
        think_along(worry=worry, by=request.user)
        messages.success(request, _("Kept. The youth workers see that you thought along."))
        return redirect("home:today")
    return render(request, "participants/think_along.html", {"worry": worry})


@require_http_methods(["GET", "POST"])
@transaction.atomic
def stopped(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """What somebody said when stopping, and whether they may be asked later."""
    stay = stay_or_404(request, trajectory_id)
    get_object_or_404(
        stopped_by_themselves(Trajectory.objects.visible_to(request.user)), pk=stay.pk
    )
    opened(request.user, "contact", [stay.pk], request)
    if request.method == "POST":
        hear_stop(trajectory=stay, by=request.user)
        return redirect("home:today")
    context = {"stay": stay, "person": stay.participant, "said": own_words(stay)}
    return render(request, "participants/stopped.html", context)
