"""Leaving: the exit talk, the parents of somebody under 16, a return and what its coordinator says;
and the own page about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from participants.access import own_stay, stay_or_404
from participants.exit import aftercare, exit_talk, with_coordinator
from participants.exit import parents as parents_at_exit
from participants.exit.forms import (
    AgreementForm,
    CoordinatorForm,
    DiscussedForm,
    ExitTalkForm,
    OwnAgreementForm,
    ParentsTalkForm,
)
from participants.models import ParentsAtExit, Trajectory
from participants.recusal import recusal
from participants.stay import follow_up

Phase = Trajectory.Phase


# ---- The worker ------------------------------------------------------------


@keeps("exit_talk", "exit_talk.agree")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def talk(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Two scaling questions, the own word of the young person, and what is still to learn."""
    stay = stay_or_404(request, trajectory_id)
    opened(request.user, "exit_talk", [stay.pk], request)
    act = request.POST.get("act", "")
    talk_form = ExitTalkForm(sent(request, "talk"))
    agreement_form = AgreementForm(sent(request, "agree"))
    if request.method == "POST":
        if act == "talk" and talk_form.is_valid():
            given = talk_form.cleaned_data
            if carry_out(
                talk_form, exit_talk.record_exit_talk, trajectory=stay, by=request.user, **given
            ):
                ready = given["ready"]
                messages.success(
                    request,
                    _("Kept. Agree on the last evening together.")
                    if ready
                    else _("Kept. {name} goes on in the group.").format(name=stay.shown_name),
                )
                return redirect("groups:leave" if ready else "home:file", stay.pk)
        elif act == "agree" and agreement_form.is_valid():
            if _agreed(request, stay, agreement_form):
                messages.success(
                    request, _("Kept. {name} sees it too.").format(name=stay.shown_name)
                )
                return redirect("participants:exit_talk", stay.pk)
        elif act not in ("talk", "agree"):
            raise BadRequest("No such act.")
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "talk_form": talk_form,
        "agreement_form": agreement_form,
        "agreements": exit_talk.agreements(stay),
        "newest": exit_talk.newest(stay),
        "in_group": stay.phase in Phase.IN_GROUP,
        "may_agree": stay.phase in exit_talk.MAY_AGREE,
    }
    return show(request, "participants/leaving/talk.html", context, talk_form, agreement_form)


@require_POST
def drop_agreement(request: SignedIn, trajectory_id: UUID, agreement_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id)
    exit_talk.drop_agreement(agreement=_agreement(stay, agreement_id), by=request.user)
    return redirect("participants:exit_talk", stay.pk)


@keeps("exit_parents.talk", "exit_parents.exception")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def parents(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """R-109: feedback and tips, or the exception with the coordinator."""
    stay = stay_or_404(request, trajectory_id)
    opened(request.user, "parents", [stay.pk], request)
    act = request.POST.get("act", "")
    guardians = parents_at_exit.guardians(stay)
    talk_form = ParentsTalkForm(
        sent(request, "talk"),
        guardians=guardians,
        initial={"guardian": guardians.first()},
    )
    exception_form = CoordinatorForm(
        sent(request, "exception"),
        coordinators=recusal.coordinators_of(stay),
    )
    if act == "heard":
        return _heard(request, stay, "participants:parents_at_exit")
    if request.method == "POST":
        if act not in ("talk", "exception"):
            raise BadRequest("No such act.")
        form: Any = talk_form if act == "talk" else exception_form
        write: Callable[..., ParentsAtExit] = (
            parents_at_exit.record_talk if act == "talk" else parents_at_exit.record_exception
        )
        if form.is_valid() and carry_out(
            form, write, trajectory=stay, by=request.user, **form.cleaned_data
        ):
            messages.success(request, _("Kept."))
            return redirect("groups:leave", stay.pk)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "guardians": guardians,
        "needed": parents_at_exit.is_needed(stay, clock.today()),
        "unsafe_home": parents_at_exit.unsafe_home(stay),
        "silence": parents_at_exit.silence(stay),
        "contact": parents_at_exit.contact_for_this_goodbye(stay),
        "denied": with_coordinator.denied(stay),
        "in_group": stay.phase in Phase.IN_GROUP,
        "talk_form": talk_form,
        "exception_form": exception_form,
    }
    return show(request, "participants/leaving/parents.html", context, talk_form, exception_form)


@keeps("return")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def allow_return(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """R-195: coming back is an exception, discussed with the coordinator."""
    stay = stay_or_404(request, trajectory_id)
    opened(request.user, "return", [stay.pk], request)
    if request.POST.get("act") == "heard":
        return _heard(request, stay, "participants:allow_return")
    form = CoordinatorForm(
        request.POST if request.method == "POST" else None,
        coordinators=recusal.coordinators_of(stay),
    )
    if request.method == "POST" and form.is_valid() and _allowed(request, stay, form):
        return redirect("participants:allow_return", stay.pk)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "form": form,
        "former": stay.phase == Phase.FORMER,
        "standing": aftercare.open_exception(stay.participant),
        "denied": with_coordinator.denied(stay),
    }
    return show(request, "participants/leaving/return.html", context, form)


def _allowed(request: SignedIn, stay: Trajectory, form: CoordinatorForm) -> bool:
    given, person = form.cleaned_data, stay.participant
    if not carry_out(
        form,
        aftercare.allow_return,
        participant=person,
        reason=given["reason"],
        discussed_with=given["coordinator"],
        by=request.user,
    ):
        return False
    messages.success(
        request, _("Kept. {name} can sign up again, once.").format(name=stay.shown_name)
    )
    return True


def _heard(request: SignedIn, stay: Trajectory, back: str) -> HttpResponse:
    """The worker read that it was not discussed, and talked it over."""
    with_coordinator.hear(trajectory=stay, by=request.user)
    messages.success(request, _("Kept."))
    return redirect(back, stay.pk)


# ---- The coordinator -------------------------------------------------------


@keeps("discussed")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def discussed_page(request: SignedIn, decision_id: UUID) -> HttpResponse:
    """Who wrote down what, when and why, for the coordinator who was named in it, or who has the
    region by now; two answers."""
    row = with_coordinator.asked_of(request.user, decision_id)
    if row is None:
        raise Http404
    stay = with_coordinator.stay_of(row)
    opened(request.user, "discussed", [stay.pk], request)
    form = DiscussedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not form.is_valid() and "discussed" in form.errors:
            raise BadRequest("Neither yes nor no.")
        if form.is_valid() and carry_out(
            form, with_coordinator.answer, decision=row, by=request.user, **form.cleaned_data
        ):
            said = (
                _("Kept. Thank you.")
                if form.cleaned_data["discussed"]
                else _("Kept. The youth workers of the group hear it today.")
            )
            messages.success(request, said)
            return redirect("home:today")
    context = {
        "row": row,
        "inherited": with_coordinator.inherited(row.named.name)
        if row.named != request.user
        else "",
        "name": stay.shown_name,
        "group": stay.group,
        "is_goodbye": isinstance(row, ParentsAtExit),
        "form": form,
    }
    return show(request, "participants/leaving/discussed.html", context, form)


# ---- The participant -------------------------------------------------------


@keeps("onward.agree")
@require_http_methods(["GET", "HEAD", "POST"])
def onward(request: SignedIn) -> HttpResponse:
    """Time to go on by yourself: the last evening, the own list, and what comes after."""
    stay = own_stay(request)
    if stay.phase not in exit_talk.MAY_AGREE:
        raise Http404
    act = request.POST.get("act", "")
    form = OwnAgreementForm(sent(request, "agree"))
    if request.method == "POST" and _own_act(request, stay, act, form):
        return redirect("participants:onward")
    context = {
        "stay": stay,
        "form": form,
        "agreements": exit_talk.agreements(stay),
        "is_over": stay.phase == Phase.FORMER or stay.stopped_on is not None,
        "is_behind": stay.last_meeting_on is not None and stay.last_meeting_on < clock.today(),
        "is_today": stay.last_meeting_on == clock.today(),
        "asked_later": bool(follow_up.stands_or_lies_ahead([stay])),
        "waits": bool(stay.blocked_reason),
        "ways": Trajectory.Afterwards,
    }
    return show(request, "participants/leaving/onward.html", context, form)


def _own_act(request: SignedIn, stay: Trajectory, act: str, form: OwnAgreementForm) -> bool:
    """Run what the participant chose; False when the form must be shown again."""
    if act == "agree":
        return form.is_valid() and _agreed(request, stay, form)
    if act == "drop":
        try:
            agreement_id = UUID(request.POST.get("agreement", ""))
        except ValueError as wrong:
            raise BadRequest("No such line.") from wrong
        exit_talk.drop_agreement(agreement=_agreement(stay, agreement_id), by=request.user)
        return True
    if act != "how":
        raise BadRequest("No such act.")
    how = request.POST.get("how", "")
    if attempt(request, exit_talk.choose_afterwards, trajectory=stay, how=how, by=request.user):
        messages.success(request, _("Kept. You can always change it here."))
    return True


def _agreed(request: SignedIn, stay: Trajectory, form: Any) -> bool:
    return bool(
        carry_out(
            form, exit_talk.add_agreement, trajectory=stay, by=request.user, **form.cleaned_data
        )
    )


def _agreement(stay: Trajectory, agreement_id: UUID) -> Any:
    found = exit_talk.agreements(stay).filter(pk=agreement_id).select_related("trajectory").first()
    if found is None:
        raise Http404
    return found
