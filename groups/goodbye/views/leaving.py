"""Saying goodbye: the worker's way through it, one step after the other; and taking it back."""

from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from groups.access import stay_of
from groups.beforehand.views import Question, asked_first
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.forms import LastMeetingForm, ReopenForm
from groups.goodbye.leaving import reopen_stay, stay_after_all
from groups.models import Meeting
from participants.exit import exit_talk
from participants.exit import parents as parents_at_exit
from participants.journey.journey import reopen_until
from participants.models import ExitTalk, Trajectory

ACTS = ("agree", "stay")


@dataclass(frozen=True)
class Way:
    """Where this goodbye is: `next` names the one step that is due now (or none: "wait")."""

    talk: ExitTalk | None
    parents_needed: bool
    parents_settled: bool
    next: str


def way_of(stay: Trajectory) -> Way:
    """The talk, the last evening, the parents of an under-16, closing: in this order."""
    today = clock.today()
    talk = exit_talk.newest(stay)
    needed = parents_at_exit.is_needed(stay, today)
    settled = parents_at_exit.is_settled(stay, today)
    over = stay.stopped_on is not None or (
        stay.last_meeting_on is not None and stay.last_meeting_on <= today
    )
    if over:
        step = "close" if settled else "parents"
    elif stay.last_meeting_on is not None:
        step = "wait" if settled else "parents"
    elif stay.phase == Trajectory.Phase.LEAVING or (talk is not None and talk.ready):
        step = "agree"
    else:
        step = "talk"
    return Way(talk, needed, settled, step)


@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The steps of a goodbye with the next one on top of them; closing has its own page."""
    stay = stay_of(request, trajectory_id)
    meetings = list(
        Meeting.objects.visible_to(request.user)
        .upcoming(clock.now())
        .filter(group=stay.group_id)[:8]
    )
    agreed = next((m for m in meetings if m.date == stay.last_meeting_on), None)
    first = agreed or (meetings[0] if meetings else None)
    act = request.POST.get("act", "")
    agree_form = LastMeetingForm(
        sent(request, "agree"),
        choices=[
            (str(m.pk), date_format(clock.local(m.starts_at), "l j F, H:i")) for m in meetings
        ],
        initial={"meeting": str(first.pk) if first else None},
    )
    if request.method == "POST":
        if act not in ACTS:
            raise BadRequest("No such act.")
        if act == "stay":
            return _stays(request, stay)
        if agree_form.is_valid() and (done := _agreed(request, stay, agree_form, meetings)):
            return done
    way, before = way_of(stay), 0 if stay.stopped_on else 2
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "parents_step": before + 1,
        "close_step": before + 1 + way.parents_needed,
        "meetings": meetings,
        "agree_form": agree_form,
        "in_group": stay.phase in Trajectory.Phase.IN_GROUP,
        "former": stay.phase == Trajectory.Phase.FORMER,
        "way": way,
        "agreements": exit_talk.agreements(stay).count(),
    }
    return show(request, "groups/leave.html", context, agree_form)


@keeps("reopen")
@require_http_methods(["GET", "POST"])
def reopen(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """A closing by mistake is taken back: within thirty days, before its wave is answered."""
    stay = stay_of(request, trajectory_id)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, name = form.cleaned_data["reason"], stay.shown_name
        act = partial(reopen_stay, trajectory=copy(stay), by=request.user, reason=reason)
        question = Question(
            heading=_("Take back the closing?"),
            about=name,
            yes=_("Yes, take it back"),
            back=_("Take back the closing"),
            back_to=reverse("groups:reopen", args=[stay.pk]),
        )
        if page := asked_first(request, act, question):
            return page
        if carry_out(form, act):
            messages.success(request, _("{name} takes part again.").format(name=name))
            return redirect("home:file", stay.pk)
    until = reopen_until(stay)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "form": form,
        "until": until,
        "former": stay.phase == Trajectory.Phase.FORMER,
        "in_time": until is not None and clock.today() <= until,
    }
    return show(request, "groups/reopen.html", context, form)


def _agreed(
    request: SignedIn, stay: Trajectory, form: Any, meetings: list[Meeting]
) -> HttpResponse | None:
    """None: it was refused, which the form says."""
    chosen = next(m for m in meetings if str(m.pk) == form.cleaned_data["meeting"])
    act = partial(agree_last_meeting, trajectory=copy(stay), meeting=chosen, by=request.user)
    day, name = date_format(chosen.date, "l j F"), stay.shown_name
    about = _("%(day)s is the last evening of %(name)s") % {"day": day, "name": name}
    question = _question(stay, _("Agree on it?"), about, _("Yes, agree on it"))
    if page := asked_first(request, act, question):
        return page
    if not carry_out(form, act):
        return None
    messages.success(
        request, _("Agreed: {day} is the last evening of {name}.").format(day=day, name=name)
    )
    return redirect("groups:leave", stay.pk)


def _stays(request: SignedIn, stay: Trajectory) -> HttpResponse:
    act, name = partial(stay_after_all, trajectory=copy(stay), by=request.user), stay.shown_name
    question = _question(
        stay, _("No goodbye after all?"), name, _("Yes, %(name)s stays") % {"name": name}
    )
    if page := asked_first(request, act, question):
        return page
    if attempt(request, act):
        messages.success(request, _("{name} goes on in the group.").format(name=name))
    return redirect("groups:group", stay.group_id)


def _question(stay: Trajectory, heading: str, about: str, yes: str) -> Question:
    return Question(
        heading=heading,
        about=about,
        yes=yes,
        back=_("Goodbye"),
        back_to=reverse("groups:leave", args=[stay.pk]),
    )
