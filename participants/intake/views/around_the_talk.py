"""Around the first talk: a first idea, help elsewhere, the two of you alone, the hand-over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, show
from core.templatetags.face import url_or
from participants.access import stay_of
from participants.intake import care_elsewhere, first_idea, hand_over, one_to_one
from participants.intake.forms.around_the_talk import (
    CareForm,
    FirstIdeaForm,
    FlagForm,
    HandOverForm,
    OneToOneForm,
)
from participants.intake.panel import around_talk
from participants.models import Intake, Trajectory


@keeps("intake.idea")
@require_POST
@transaction.atomic
def note_first_idea(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_of(request, trajectory_id)
    form = FirstIdeaForm(request.POST)
    if form.is_valid():
        first_idea.note_first_idea(
            trajectory=stay, profile=form.cleaned_data["profile"], by=request.user
        )
        messages.success(request, _("Kept. You can change it at any time."))
        return _back(stay)
    return _again(request, stay, idea=form)


@keeps("intake.care", never=("agreed",))
@require_POST
@in_turn
@transaction.atomic
def note_care(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Kept with a yes, gone when the yes is taken back."""
    stay = stay_of(request, trajectory_id)
    if request.POST.get("act") == "forget":
        care_elsewhere.forget_care(trajectory=stay, by=request.user)
        messages.success(request, _("Taken away."))
        return _back(stay)
    form, row = CareForm(request.POST), getattr(stay, "care_elsewhere", None)
    stands = CareForm(initial={"text": row.text if row else ""})
    if form.is_valid() and together(request, form, stands):
        care_elsewhere.note_care(trajectory=stay, by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return _back(stay)
    return _again(request, stay, care=form)


@require_POST
@transaction.atomic
def held_one_to_one(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_of(request, trajectory_id)
    form = OneToOneForm(request.POST)
    hold = one_to_one.hold_one_to_one
    if form.is_valid() and carry_out(
        form, hold, trajectory=stay, day=form.cleaned_data["day"], by=request.user
    ):
        messages.success(request, _("Kept."))
        return _back(stay)
    return _again(request, stay, alone=form)


@keeps("one_to_one")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def flag(request: SignedIn, intake_id: UUID) -> HttpResponse:
    """The coordinator sees which worker and which day; no name, nothing of the talk."""
    row = get_object_or_404(
        Intake.objects.flags_visible_to(request.user).select_related(
            "trajectory__group", "decided_by", "one_to_one_answer__by"
        ),
        pk=intake_id,
    )
    opened(request.user, "one_to_one", [row.trajectory_id], request)
    form = FlagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if carry_out(form, one_to_one.answer_flag, intake=row, text=text, by=request.user):
            messages.success(request, _("Kept. The youth workers read it."))
            return redirect("home:today")
    return show(
        request,
        "participants/one_to_one_flag.html",
        {
            "intake": row,
            "group": row.trajectory.group,
            "form": form,
            "answer": getattr(row, "one_to_one_answer", None),
        },
        form,
    )


@keeps("hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def check_hand_over(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Two weeks after the referral: is it done, and what if not."""
    stay = stay_of(request, trajectory_id)
    now = hand_over.course(stay)
    opened(request.user, "hand_over", [stay.pk], request)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, initial={"to": now.to if now else ""}
    )
    if request.method == "POST" and form.is_valid():
        record, given = hand_over.record_hand_over, form.cleaned_data
        if carry_out(form, record, trajectory=stay, by=request.user, **given):
            messages.success(request, _("Written down."))
            return redirect("participants:hand_over", stay.pk)
    return show(
        request,
        "participants/hand_over.html",
        {"stay": stay, "person": stay.participant, "course": now, "form": form},
        form,
    )


def _again(request: SignedIn, stay: Trajectory, **forms: Any) -> HttpResponse:
    """The short forms once more, with what was wrong."""
    opened(request.user, "intake", [stay.pk], request)
    context = around_talk(stay) | forms
    return show(request, "participants/around_talk.html", context, *forms.values())


def _back(stay: Trajectory) -> HttpResponse:
    if stay.phase in Trajectory.Phase.ARRIVING and hasattr(stay, "intake"):
        return redirect("participants:intake", stay.pk)
    return redirect(url_or("home:file", stay.pk, otherwise="/"))
