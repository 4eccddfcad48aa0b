"""The evenings of a group: two weeks apart (R-114), three hours (R-115); who is on the sheet."""

from collections.abc import Collection, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_all, lock_first
from core.organisations.models import Group
from groups.evenings.day_of_absence import follow_day
from groups.evenings.last_meeting import follow_last_meeting
from groups.evenings.lock import lock_evening, lock_group, told_of, told_of_group
from groups.models import Attendance, LastMeeting, Meeting, Placement, PlacementQuerySet
from participants.person.shown_name import by_call_name
from participants.stay.changes import StayFact, changed, told_once

LENGTH = timedelta(hours=3)
RHYTHM = timedelta(weeks=2)
LONGEST_AHEAD = timedelta(days=400)
LONGEST_BACK = timedelta(days=90)


def next_dates(
    *, weekday: int, today: date, last: date | None, taken: Collection[date] = (), count: int = 6
) -> list[date]:
    """Proposals: the group's weekday, two weeks after the last meeting, then every two weeks.

    Without a last meeting, or when that rhythm has stopped, from the first such weekday from
    `today` on. Days in `taken` are left out.
    """
    day = last + RHYTHM if last is not None else today
    if day < today:
        day = today
    day += timedelta(days=(weekday - day.weekday()) % 7)
    found: list[date] = []
    while len(found) < count:
        if day not in taken:
            found.append(day)
        day += RHYTHM
    return found


def proposed_dates(group: Group, count: int = 6) -> list[date]:
    """The next dates for this group, in its rhythm."""
    dates = list(
        Meeting.objects.filter(group=group)
        .exclude(status="cancelled")
        .values_list("date", flat=True)
    )
    return next_dates(
        weekday=group.weekday,
        today=clock.today(),
        last=max(dates, default=None),
        taken=dates,
        count=count,
    )


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

    Raises RuleBroken: meeting_that_day, too_far, group_not_open.
    """
    locked = lock_group(group, [date])
    _check_day(date)
    start = starts_at or locked.starts_at
    begins = clock.at(date, start.hour, start.minute)
    standing = lock_first(Meeting.objects.filter(group=locked, date=date))
    if standing is not None and standing.status != Meeting.Status.CANCELLED:
        raise RuleBroken(_("There is an evening on that day already."), "meeting_that_day", "date")
    meeting = standing or Meeting(group=locked, date=date)
    meeting.status, meeting.cancel_reason = Meeting.Status.PLANNED, ""
    meeting.starts_at, meeting.ends_at = begins, begins + LENGTH
    meeting.planned_by, meeting.closed_at = by, None
    meeting.save()
    changed(told_of_group(locked.pk, [date]), StayFact.EVENING)
    return meeting


@transaction.atomic
@told_once()
def plan_ahead(*, group: Group, dates: Sequence[date], by: User) -> list[Meeting]:
    """All chosen dates, or none."""
    lock_group(group, dates)
    lock_all(Meeting.objects.filter(group=group, date__in=dates))
    return [plan_meeting(group=group, date=day, by=by) for day in dates]


@transaction.atomic
@told_once()
def move_meeting(
    *, meeting: Meeting, date: date, by: User, starts_at: time | None = None
) -> Meeting:
    """To another day; somebody's last evening moves along (design.md 4.3). It is no longer over.

    Raises RuleBroken: only_planned, meeting_that_day, too_far.
    """
    row = lock_evening(meeting, [date])
    if row.status != Meeting.Status.PLANNED:
        raise RuleBroken(_("Only a planned evening can be moved."), "only_planned")
    _check_day(date)
    start, before = starts_at or clock.local(row.starts_at).time(), row.date
    row.date = date
    row.starts_at = clock.at(date, start.hour, start.minute)
    row.ends_at, row.closed_at = row.starts_at + LENGTH, None
    try:
        with transaction.atomic():
            row.save(update_fields=["date", "starts_at", "ends_at", "closed_at"])
    except IntegrityError as error:
        raise RuleBroken(
            _("There is an evening on that day already."), "meeting_that_day", "date"
        ) from error
    follow_day(row)
    follow_last_meeting(_leaving(row), by=by)
    changed(told_of(row, [before]), StayFact.EVENING)
    return row


@transaction.atomic
@told_once()
def cancel_meeting(*, meeting: Meeting, reason: str, by: User) -> Meeting:
    """It did not or will not happen. Whoever would say goodbye agrees a new last evening.

    Raises RuleBroken: unknown_reason, already_recorded. Cancelling twice changes nothing.
    """
    if reason not in Meeting.CancelReason.values:
        raise RuleBroken(_("Choose a reason."), "unknown_reason", "reason")
    row = lock_evening(meeting)
    if row.status == Meeting.Status.CANCELLED:
        return row
    if row.status == Meeting.Status.HELD:
        raise RuleBroken(
            _("Somebody has been written down as here. Take that back first."), "already_recorded"
        )
    row.status, row.cancel_reason, row.closed_at = Meeting.Status.CANCELLED, reason, None
    row.save(update_fields=["status", "cancel_reason", "closed_at"])
    concerned, leaving = told_of(row), _leaving(row)
    LastMeeting.objects.filter(meeting=row).update(meeting=None)
    follow_last_meeting(leaving, by=by)
    changed(concerned, StayFact.EVENING)
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
