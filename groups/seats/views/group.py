"""The group's own page for its workers: who, last evenings, places, waiting, plan."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.accounts.rights import may
from core.errors import RuleBroken
from core.organisations.models import Group
from groups.evenings.meetings import (
    cancel_meeting,
    change_activity,
    move_meeting,
    plan_ahead,
    proposed_dates,
)
from groups.forms import CancelForm, DatesForm, MeetingForm
from groups.models import Attendance, Meeting
from groups.permissions import DESCRIBE_DOOR, PLACE, SEE_MEETINGS, holds_here, reaches, require_here
from groups.seats.glance import look_at
from participants.permissions import SEE_REGISTER


def group_of(request: HttpRequest, group_id: UUID) -> Group:
    """A group within reach whose people this user may see; managers get counts elsewhere (403)."""
    group: Group = get_object_or_404(
        Group.objects.visible_to(request.user).select_related("location"), pk=group_id
    )
    if not may(request.user, SEE_MEETINGS):
        require_here(request.user, PLACE, group.pk)
    return group


def meeting_of(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """A meeting of a group that this worker plans."""
    meeting: Meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("group"), pk=meeting_id
    )
    require_here(request.user, PLACE, meeting.group_id)
    return meeting


def complain(form: Any, broken: RuleBroken) -> None:
    """Put a broken rule at the field it belongs to, else on top."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.message)


@login_required
@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """The groups within reach; one group opens at once."""
    if not may(request.user, SEE_MEETINGS):
        return redirect("home:today")
    found = list(Group.objects.visible_to(request.user).select_related("location"))
    if len(found) == 1:
        return redirect("groups:group", found[0].pk)
    return render(request, "groups/groups.html", {"groups": found})


@login_required
@require_GET
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    found = group_of(request, group_id)
    leads = holds_here(request.user, PLACE, found.pk)
    glance = look_at(found, request.user, with_waiting=leads)
    context = {
        "group": found,
        "glance": glance,
        "leads": leads,
        "tells_door": reaches(request.user, DESCRIBE_DOOR, found),
        "knows_referrers": may(request.user, SEE_REGISTER),
        "legend": [s for s in Attendance.State if s != Attendance.State.NOT_RECORDED],
    }
    return render(request, "groups/group.html", context)


@login_required
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Coming evenings of the own group, or of the groups within reach."""
    user: Any = request.user
    meetings = Meeting.objects.visible_to(user).filter(ends_at__gte=clock.now())
    found = meetings.select_related("group__location").order_by("starts_at").distinct()[:60]
    layout = "participant" if user.is_participant else "staff"
    return render(request, f"groups/calendar_{layout}.html", {"meetings": list(found)})


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The next dates in the group's rhythm, all ticked: one tap plans them."""
    found = group_of(request, group_id)
    require_here(request.user, PLACE, found.pk)
    days = proposed_dates(found)
    choices = [(day.isoformat(), date_format(day, "l j F Y")) for day in days]
    form = DatesForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"dates": [value for value, _label in choices]},
    )
    if request.method == "POST" and form.is_valid():
        chosen = [date.fromisoformat(value) for value in form.cleaned_data["dates"]]
        if form.cleaned_data["other"]:
            chosen.append(form.cleaned_data["other"])
        try:
            plan_ahead(group=found, dates=sorted(set(chosen)), by=request.user)
        except RuleBroken as broken:
            form.add_error("other" if form.cleaned_data["other"] else None, broken.message)
        else:
            messages.success(request, _("Planned. Everybody in the group sees it."))
            return redirect("groups:group", found.pk)
    return render(request, "groups/plan.html", {"group": found, "form": form}, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Another day or time, or what the group does together."""
    meeting = meeting_of(request, meeting_id)
    start = meeting.starts_at.astimezone(clock.AMSTERDAM)
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        initial={
            "date": meeting.date,
            "starts_at": start.time(),
            "activity": meeting.activity,
            "activity_by": meeting.activity_by,
        },
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            if (wanted["date"], wanted["starts_at"]) != (meeting.date, start.time()):
                move_meeting(
                    meeting=meeting,
                    date=wanted["date"],
                    starts_at=wanted["starts_at"],
                    by=request.user,
                )
            change_activity(
                meeting=meeting,
                activity=wanted["activity"],
                activity_by=wanted["activity_by"],
                by=request.user,
            )
        except RuleBroken as broken:
            complain(form, broken)
        else:
            messages.success(request, _("Changed. Everybody in the group sees it."))
            return redirect("groups:group", meeting.group_id)
    context = {"meeting": meeting, "form": form}
    return render(request, "groups/change.html", context, status=_status(form))


@login_required
@require_POST
def cancel(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        raise RuleBroken(_("Choose a reason."), "unknown_reason", "reason")
    cancel_meeting(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Cancelled. The others see it on their own page."))
    return redirect("groups:meeting", meeting.pk)


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
