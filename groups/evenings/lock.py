"""The locks of whoever plans, moves or cancels: the people first, then the group, the evening last.

A tap on the sheet and *I can't come* lock stays and then the evening; whoever changes the evening
itself takes the same way, for everybody it concerns. A place in the group is given under the
group's lock and a last evening is agreed under the evening's, so that nobody joins once these are
held; who did before is read again, and then we start over.
"""

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.locks import lock_all as lock_rows
from core.locks import lock_copy, lock_one, until_steady
from core.organisations.models import Group
from groups.models import Attendance, LastMeeting, Meeting, Placement
from participants.models import Trajectory
from participants.stay.lock import lock_all


def lock_group(group: Group, days: Collection[date]) -> Group:
    """Lock everybody with a place in this group on one of these days, then the group."""

    def everything(ids: Collection[UUID]) -> Group:
        lock_all(ids)
        return lock_copy(group)

    return until_steady(lambda: _with_a_place(group.pk, days), everything)


def lock_evening(meeting: Meeting, days: Collection[date] = ()) -> Meeting:
    """Lock everybody on its sheet, on that of the days it may move to, who is written down there
    and who says goodbye there; then the group, then the evening.
    """

    def concerned() -> QuerySet[Trajectory]:
        own_day = Meeting.objects.values_list("date", flat=True).get(pk=meeting.pk)
        return _concerned(meeting.group_id, [meeting.pk], [own_day, *days])

    def everything(ids: Collection[UUID]) -> Meeting:
        lock_all(ids)
        lock_one(Group.objects.filter(pk=meeting.group_id))
        return lock_copy(meeting)

    return until_steady(concerned, everything)


def lock_evenings(
    meetings: Collection[Meeting], days: Collection[date], also: Collection[UUID]
) -> list[Meeting]:
    """As `lock_evening`, of several meetings of one group at once, with these stays beside.

    The meetings by their id.
    """
    ids = [meeting.pk for meeting in meetings]
    group = next(iter(meetings)).group_id

    def concerned() -> QuerySet[Trajectory]:
        own_days = Meeting.objects.filter(pk__in=ids).values_list("date", flat=True)
        return _concerned(group, ids, [*own_days, *days], also)

    def everything(stays: Collection[UUID]) -> list[Meeting]:
        lock_all(stays)
        lock_one(Group.objects.filter(pk=group))
        return lock_rows(Meeting.objects.filter(pk__in=ids))

    return until_steady(concerned, everything)


def told_of_group(group_id: UUID, days: Collection[date]) -> list[UUID]:
    """Everybody with a place on one of these days, by id: whom an evening of then concerns."""
    return _ids(_with_a_place(group_id, days))


def told_of(meeting: Meeting, days: Collection[date] = ()) -> list[UUID]:
    """Everybody whom this evening concerns, by id; `days` beside its own. They are locked."""
    return _ids(_concerned(meeting.group_id, [meeting.pk], [meeting.date, *days]))


def _ids(stays: QuerySet[Trajectory]) -> list[UUID]:
    return sorted(stays.values_list("pk", flat=True))


def _concerned(
    group: UUID,
    meetings: Collection[UUID],
    days: Collection[date],
    also: Collection[UUID] = (),
) -> QuerySet[Trajectory]:
    """One union and no OR: the planner then begins at the group, and not at everybody there is."""
    written = Attendance.objects.filter(meeting__in=meetings)
    leaving = LastMeeting.objects.filter(meeting__in=meetings)
    beside = Trajectory.objects.filter(pk__in=also)
    found = _places(group, days).union(
        written.values("trajectory"), leaving.values("trajectory"), beside.values("pk")
    )
    return Trajectory.objects.filter(pk__in=found)


def _with_a_place(group: UUID, days: Collection[date]) -> QuerySet[Trajectory]:
    return Trajectory.objects.filter(pk__in=_places(group, days))


def _places(group: UUID, days: Collection[date]) -> QuerySet[Placement, Any]:
    on_a_day = (Placement.objects.on_sheet(day) for day in set(days))
    rows = reduce(or_, on_a_day, Placement.objects.none())
    found: QuerySet[Placement, Any] = rows.filter(group=group).values("trajectory")
    return found
