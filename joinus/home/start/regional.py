"""The coordinator's start page: which groups need me, and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import RoleAssignment
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.organisations.models import Group
from core.organisations.permissions import SEE_GROUPS
from core.ports import Todo
from groups.models import Attendance, Meeting
from participants.models import Trajectory
from questionnaires.models import Invitation

LAST_WEEKS = 12


@dataclass(frozen=True)
class GroupLine:
    """A group in figures: counts only, never a person."""

    group: Group
    workers: int
    present: int
    expected: int
    held: int
    planned_past: int
    answered: int
    asked: int
    waiting: int
    reasons: list[Todo] = field(default_factory=list)

    @property
    def attendance(self) -> int | None:
        return round(100 * self.present / self.expected) if self.expected else None

    @property
    def response(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.asked else None


def group_lines(user: Viewer, todos: list[Todo]) -> list[GroupLine]:
    """Groups within reach, those with a reason first; a fixed number of queries."""
    day = clock.today()
    since = day - timedelta(weeks=LAST_WEEKS)
    groups = list(
        Group.objects.filter(reach(user, SEE_GROUPS).as_q())
        .exclude(state=Group.State.PREPARING)
        .select_related("location__organisation")
    )
    workers = _count(
        RoleAssignment.objects.in_force(day)
        .filter(group__in=groups, role=Role.YOUTH_WORKER)
        .values("group")
        .annotate(n=Count("user", distinct=True))
    )
    rows = Attendance.objects.filter(
        meeting__group__in=groups, meeting__status=Meeting.Status.HELD, meeting__date__gte=since
    ).exclude(state=Attendance.State.NOT_RECORDED)
    attendance = {
        row["meeting__group"]: (row["here"], row["n"])
        for row in rows.values("meeting__group").annotate(
            here=Count("pk", filter=Q(state=Attendance.State.PRESENT)), n=Count("pk")
        )
    }
    meetings = {
        row["group"]: (row["held"], row["past"])
        for row in Meeting.objects.filter(group__in=groups, date__gte=since, date__lt=day)
        .exclude(status=Meeting.Status.CANCELLED)
        .values("group")
        .annotate(held=Count("pk", filter=Q(status=Meeting.Status.HELD)), past=Count("pk"))
    }
    asked = {
        row["trajectory__group"]: (row["answered"], row["n"])
        for row in Invitation.objects.filter(
            trajectory__group__in=groups, state__in=["answered", "missed"]
        )
        .values("trajectory__group")
        .annotate(answered=Count("pk", filter=Q(state="answered")), n=Count("pk"))
    }
    waiting = _count(
        Trajectory.objects.filter(
            group__in=groups, waiting_since__isnull=False, phase__in=Trajectory.Phase.ARRIVING
        )
        .values("group")
        .annotate(n=Count("pk"))
    )
    reasons: dict[UUID, list[Todo]] = defaultdict(list)
    for todo in todos:
        if todo.group_id is not None:
            reasons[todo.group_id].append(todo)
    lines = [
        GroupLine(
            group=g,
            workers=workers.get(g.pk, 0),
            present=attendance.get(g.pk, (0, 0))[0],
            expected=attendance.get(g.pk, (0, 0))[1],
            held=meetings.get(g.pk, (0, 0))[0],
            planned_past=meetings.get(g.pk, (0, 0))[1],
            answered=asked.get(g.pk, (0, 0))[0],
            asked=asked.get(g.pk, (0, 0))[1],
            waiting=waiting.get(g.pk, 0),
            reasons=reasons[g.pk],
        )
        for g in groups
    ]
    return sorted(lines, key=lambda x: (not x.reasons, x.group.name))


def _count(rows: Iterable[Any]) -> dict[UUID, int]:
    return {row["group"]: row["n"] for row in rows}


@dataclass(frozen=True)
class Totals:
    people: int
    attendance: int | None
    answered: int
    asked: int
    response: int | None
    waiting: int
    mean_group: float


def totals(lines: list[GroupLine]) -> Totals:
    """The figures above the table, over every group in reach."""
    present, expected = sum(x.present for x in lines), sum(x.expected for x in lines)
    answered, asked = sum(x.answered for x in lines), sum(x.asked for x in lines)
    people = sum(x.group.places_taken for x in lines)
    return Totals(
        people=people,
        attendance=round(100 * present / expected) if expected else None,
        answered=answered,
        asked=asked,
        response=round(100 * answered / asked) if asked else None,
        waiting=sum(x.waiting for x in lines),
        mean_group=round(people / len(lines), 1) if lines else 0,
    )
