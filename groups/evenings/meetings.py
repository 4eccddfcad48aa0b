"""The evenings of a group: two weeks apart (R-114), three hours (R-115); who is on the sheet."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.ids import uuid7
from core.locks import lock_all
from core.organisations.models import Group
from groups.evenings.changes import note, rises
from groups.evenings.day_of_absence import follow_day
from groups.evenings.door_waits import follow_first_meeting
from groups.evenings.last_meeting import follow_last_meeting
from groups.evenings.lock import lock_evening, lock_group, told_of, told_of_group
from groups.evenings.told import tell
from groups.evenings.who_hears import LENGTH
from groups.models import (
    Attendance,
    LastMeeting,
    Meeting,
    MeetingChange,
    Placement,
    PlacementQuerySet,
)
from participants.person.shown_name import by_call_name
from participants.stay.changes import StayFact, changed, told_once

RHYTHM = timedelta(weeks=2)
LONGEST_AHEAD = timedelta(days=400)
LONGEST_BACK = timedelta(days=90)


@transaction.atomic
@told_once()
def plan_meeting(
    *,
    group: Group,
    date: date,
    by: User,
    starts_at: time | None = None,
) -> Meeting:
    """An evening of three hours; a cancelled one on that day is planned again, with its plan.

    Everybody with a place that day is told. Raises RuleBroken: meeting_that_day, too_far.
    """
    locked = lock_group(group, [date])
    lock_all(Meeting.objects.filter(group=locked, date=date))
    change = _plan(locked, date, by, uuid7(), starts_at)
    follow_first_meeting(locked.pk)
    changed(told_of_group(locked.pk, [date]), StayFact.EVENING)
    tell(group=locked, changes=[change])
    return change.meeting


@transaction.atomic
@told_once()
def plan_ahead(*, group: Group, dates: Sequence[date], by: User) -> list[Meeting]:
    """All chosen dates, or none; told in one message, however many they are."""
    locked = lock_group(group, dates)
    lock_all(Meeting.objects.filter(group=locked, date__in=dates))
    act = uuid7()
    changes = [_plan(locked, day, by, act) for day in dates]
    follow_first_meeting(locked.pk)
    changed(told_of_group(locked.pk, dates), StayFact.EVENING)
    if changes:
        tell(group=locked, changes=changes)
    return [change.meeting for change in changes]


def _plan(
    group: Group,
    day: date,
    by: User,
    act: UUID,
    starts_at: time | None = None,
) -> MeetingChange:
    """Expects the group and the meetings of that day to be locked."""
    _check_day(day)
    start = starts_at or group.starts_at
    begins = clock.at(day, start.hour, start.minute)
    that_day = Meeting.objects.filter(group=group, date=day)
    if that_day.exclude(status=Meeting.Status.CANCELLED).exists():
        raise RuleBroken(_("There is an evening on that day already."), "meeting_that_day", "date")
    again = that_day.order_by("-changed_at", "-pk").first()
    meeting = again or Meeting(group=group, date=day)
    reason_before = meeting.cancel_reason
    meeting.status, meeting.cancel_reason = Meeting.Status.PLANNED, ""
    meeting.starts_at, meeting.ends_at = begins, clock.after(begins, LENGTH)
    meeting.planned_by, meeting.closed_at, meeting.closed_by = by, None, None
    rises(meeting)
    meeting.save()
    return note(
        meeting,
        MeetingChange.Kind.PLANNED,
        by=by,
        act=act,
        was=None,
        now=begins,
        reason_before=reason_before,
    )


@transaction.atomic
@told_once()
def move_meeting(
    *, meeting: Meeting, date: date, by: User, starts_at: time | None = None
) -> Meeting:
    """To another day or hour; what they do together moves along, and so does somebody's last
    evening (design.md 4.3). It is no longer over. To where it is: changes nothing.

    Everybody with a place on either day is told. Raises RuleBroken: only_planned,
    meeting_that_day, too_far.
    """
    row = lock_evening(meeting, [date])
    if row.status != Meeting.Status.PLANNED:
        raise RuleBroken(_("Only a planned evening can be moved."), "only_planned")
    _check_day(date)
    start, was = starts_at or clock.local(row.starts_at).time(), row.starts_at
    begins = clock.at(date, start.hour, start.minute)
    if begins == was:
        return row
    before = row.date
    move_to(row, begins)
    change = note(row, MeetingChange.Kind.MOVED, by=by, act=uuid7(), was=was, now=begins)
    follow_first_meeting(row.group_id)
    follow_last_meeting(_leaving(row), by=by)
    changed(told_of(row, [before]), StayFact.EVENING)
    tell(group=row.group, changes=[change])
    return row


def move_to(row: Meeting, begins: datetime) -> None:
    """Write the moment; the row is locked. Raises RuleBroken: meeting_that_day."""
    row.date = clock.day_of(begins)
    row.starts_at, row.ends_at = begins, clock.after(begins, LENGTH)
    row.closed_at = row.closed_by = None
    fields = ["date", "starts_at", "ends_at", "closed_at", "closed_by", "status", "cancel_reason"]
    try:
        with transaction.atomic():
            row.save(update_fields=[*fields, *rises(row)])
    except IntegrityError as error:
        raise RuleBroken(
            _("There is an evening on that day already."), "meeting_that_day", "date"
        ) from error
    follow_day(row)


@transaction.atomic
@told_once()
def cancel_meeting(*, meeting: Meeting, reason: str, by: User) -> Meeting:
    """It did not or will not happen. Whoever would say goodbye agrees a new last evening, whoever
    would be met at the door is met the next time.

    Everybody with a place that day is told. Raises RuleBroken: unknown_reason, already_recorded.
    Cancelling twice changes nothing, whatever the second reason.
    """
    if reason not in dict(Meeting.CancelReason.to_choose()):
        raise RuleBroken(_("Choose a reason."), "unknown_reason", "reason")
    row = lock_evening(meeting)
    if row.status == Meeting.Status.CANCELLED:
        return row
    if row.status == Meeting.Status.HELD:
        raise RuleBroken(
            _("Somebody has been written down as here. Take that back first."), "already_recorded"
        )
    row.status, row.cancel_reason = Meeting.Status.CANCELLED, reason
    row.closed_at = row.closed_by = None
    row.save(update_fields=["status", "cancel_reason", "closed_at", "closed_by", *rises(row)])
    concerned, leaving = told_of(row), _leaving(row)
    change = note(
        row,
        MeetingChange.Kind.CANCELLED,
        by=by,
        act=uuid7(),
        was=row.starts_at,
        now=None,
        goodbyes=leaving,
    )
    LastMeeting.objects.filter(meeting=row).update(meeting=None)
    follow_first_meeting(row.group_id)
    follow_last_meeting(leaving, by=by)
    changed(concerned, StayFact.EVENING)
    tell(group=row.group, changes=[change])
    return row


def on_sheet(meeting: Meeting) -> PlacementQuerySet:
    """Everybody who may stand at the door that evening, blocked people included.

    Somebody who came to get to know the group once is not on the next sheet (R-074).
    """
    came_before = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"),
        state=Attendance.State.PRESENT,
        meeting__group=meeting.group_id,
        meeting__date__gte=OuterRef("first_day"),
        meeting__date__lt=meeting.date,
    )
    return (
        Placement.objects.on_sheet(meeting.date)
        .filter(group=meeting.group_id)
        .exclude(Q(trial=True) & Exists(came_before))
    )


def people_on_sheet(meeting: Meeting) -> list[Placement]:
    """The sheet by call name, with the people themselves: one query."""
    return list(
        on_sheet(meeting)
        .select_related("trajectory__participant")
        .order_by(*by_call_name("trajectory__"))
    )


def _leaving(meeting: Meeting) -> list[UUID]:
    """Who would say goodbye that evening."""
    rows = LastMeeting.objects.filter(meeting=meeting)
    return list(rows.order_by("trajectory").values_list("trajectory", flat=True))


def _check_day(day: date) -> None:
    today = clock.today()
    if not today - LONGEST_BACK <= day <= today + LONGEST_AHEAD:
        raise RuleBroken(_("Choose a day closer to today."), "too_far", "date")
