"""Coming evenings: the agenda, changing, cancelling. Planning is `groups.year_plan`."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.accounts.rights import may
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.errors import RuleBroken
from core.forms import carry_out, show
from core.list_filter import ListFilter, by_name
from core.names import isolated
from core.pages import page_of
from groups.access import meeting_of
from groups.beforehand.views import Question, asked_first
from groups.evenings.beforehand import who_will_hear
from groups.evenings.coming import STATES, coming
from groups.evenings.forms import CancelForm, MeetingForm
from groups.evenings.meetings import (
    cancel_meeting,
    move_meeting,
    people_on_sheet,
)
from groups.evenings.own_changes import own_changes
from groups.models import Activity, Meeting, Placement, with_plan
from groups.permissions import SEE_MEETINGS
from participants.models import Trajectory


@require_GET
def calendar(request: SignedIn) -> HttpResponse:
    """Coming evenings of the own group, or of the groups within reach; who has none goes home."""
    user = request.user
    meetings = Meeting.objects.visible_to(user).not_over(clock.now())
    if user.is_participant:
        stands = meetings.exclude(cancel_reason=Meeting.CancelReason.TAKEN_BACK)
        found = with_plan(stands.select_related("group__location"))
        seats = Placement.objects.visible_to(user).held().filter(trajectory__blocked_reason="")
        running = Trajectory.objects.visible_to(user).running()
        stays = list(running.values_list("phase", "last_meeting_on"))
        context = {
            "meetings": list(found.order_by("starts_at").distinct()[:60]),
            "group_id": seats.values_list("group", flat=True).first(),
            "changed": own_changes(user),
            "chooses_last": (Trajectory.Phase.LEAVING, None) in stays,
            "is_over": not stays,
        }
        return render(request, "groups/calendar_participant.html", context)
    if not may(user, SEE_MEETINGS):
        return redirect("home:today")
    asked = ListFilter(request.GET)
    meetings = meetings.exclude(cancel_reason=Meeting.CancelReason.TAKEN_BACK)
    rows = asked.named(coming(meetings), lambda one: (one.group_name, one.location, one.activity))
    rows = asked.divided(rows, "stand", _("State"), lambda one: one.state, STATES)
    groups = by_name((one.group, one.group_name) for one in rows)
    rows = asked.divided(rows, "groep", _("Group"), lambda one: one.group, groups, in_words=False)
    staff = {"asked": asked, "page": page_of(request, rows)}
    return render(request, "groups/calendar_staff.html", staff)


@keeps("meeting.change")
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: SignedIn, meeting_id: UUID, write_plan: Callable[..., object]) -> HttpResponse:
    """Another day or time, or what the group does together; `write_plan` (groups.activities) comes
    from the address, since what a group does stands a floor higher."""
    meeting = meeting_of(request, meeting_id)
    start = clock.local(meeting.starts_at)
    plans = Activity.objects.visible_to(request.user).filter(meeting=meeting)
    thought_up_by = plans.values_list("proposed_by", flat=True).first()
    known = {
        "date": meeting.date,
        "starts_at": start.time(),
        "activity": meeting.activity,
        "activity_by": str(thought_up_by or ""),
    }
    people = _people(meeting, thought_up_by)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, initial=known, people=people
    )
    stands = MeetingForm(initial=known, people=people)
    if request.method == "POST" and form.is_valid() and together(request, form, stands):
        wanted = form.cleaned_data
        moved = (wanted["date"], wanted["starts_at"]) != (meeting.date, start.time())
        act = partial(_change, meeting, wanted, moved, request.user, write_plan)
        if moved and (page := asked_first(request, act, _move_it(meeting, wanted, request.user))):
            return page
        if carry_out(form, act):
            said = _("Moved. The group gets a message.") if moved else _("Saved.")
            messages.success(request, said)
            if moved:
                return redirect("groups:told", meeting.pk)
            return redirect("groups:group", meeting.group_id)
    context = {"meeting": meeting, "form": form}
    return show(request, "groups/change.html", context, form)


def _change(
    meeting: Meeting,
    wanted: dict[str, Any],
    moved: bool,
    by: User,
    write_plan: Callable[..., object],
) -> None:
    if moved:
        move_meeting(meeting=meeting, date=wanted["date"], starts_at=wanted["starts_at"], by=by)
    who = UUID(wanted["activity_by"]) if wanted["activity_by"] else None
    write_plan(meeting=meeting, title=wanted["activity"], thought_up_by=who, by=by)


def _people(meeting: Meeting, thought_up_by: UUID | None) -> list[tuple[str, str]]:
    """Who can have thought of it: whoever is on the sheet, and who did."""
    found = {row.trajectory_id: row.trajectory.shown_name for row in people_on_sheet(meeting)}
    if thought_up_by is not None and thought_up_by not in found:
        found[thought_up_by] = meeting.activity_by
    return [(str(stay), isolated(name)) for stay, name in found.items()]


def _move_it(meeting: Meeting, wanted: dict[str, Any], by: User) -> Question:
    start = wanted["starts_at"]
    then = clock.at(wanted["date"], start.hour, start.minute)
    return Question(
        heading=_("Move it?"),
        about=_("%(group)s: from %(day)s to %(to)s")
        % {"group": meeting.group, "day": _when(meeting.starts_at), "to": _when(then)},
        yes=_("Yes, move it"),
        back=_("Prepare the evening"),
        back_to=reverse("groups:change", args=[meeting.pk]),
        beside=who_will_hear(meeting, by),
    )


def _when(moment: datetime) -> str:
    return date_format(clock.local(moment), "l j F, H:i")


@require_POST
def cancel(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        raise RuleBroken(_("Choose a reason."), "unknown_reason", "reason")
    reason = form.cleaned_data["reason"]
    act = partial(cancel_meeting, meeting=meeting, reason=reason, by=request.user)
    if meeting.status == Meeting.Status.CANCELLED:
        return redirect("groups:told", meeting.pk)
    if page := asked_first(request, act, _cancel_it(meeting, form, request.user)):
        return page
    act()
    messages.success(request, _("Cancelled. Below you see who knows it."))
    return redirect("groups:told", meeting.pk)


def _cancel_it(meeting: Meeting, form: CancelForm, by: User) -> Question:
    why = dict(Meeting.CancelReason.to_choose())[form.cleaned_data["reason"]]
    return Question(
        heading=_("Cancel it?"),
        about=f"{meeting.group} · {_when(meeting.starts_at)} · {why}",
        yes=_("Yes, cancel it"),
        back=_("Who is here?"),
        back_to=reverse("groups:meeting", args=[meeting.pk]) + "#cancel",
        beside=who_will_hear(meeting, by),
    )
