"""The facts of one group for its own page, in one statement.

The coordinator's list reads the same of all groups at once (`joinus.home.attention`); a test holds
the two together.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Avg,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from core import clock
from core.accounts.portraits import workers_at
from core.organisations.models import Group
from core.ready_made import ReadyMade
from groups.logbook.overdue import LOOK_BACK, due_on, without_logbook
from groups.models import Attendance, Meeting, Placement
from groups.models.moments import has_ended, is_to_end
from participants.models import Trajectory

A_MONTH = 30.44
State = Meeting.Status


@dataclass(frozen=True)
class Health:
    """One group in figures (`groups.health.signs.GroupFacts`), and how long people took part.

    `stays` that ended and their `mean` length: a figure, never a limit (R-083).
    """

    state: str
    workers: int
    seats: int
    taking_part: int
    met: bool
    last_on: date | None
    next_on: date | None
    evening: UUID | None
    evening_on: date | None
    here: int | None
    stays: int
    mean: timedelta | None
    unkept: int
    unkept_on: date | None
    unkept_last: UUID | None = None
    worker_left_on: date | None = None
    seat_left_on: date | None = None

    @property
    def months(self) -> int:
        """The mean in whole months."""
        return 0 if self.mean is None else round(self.mean.days / A_MONTH)


def health_of(group: Group) -> Health:
    """One query. Who left last is of no use here (it tells what was seen): it stays empty."""
    (found,) = _HEALTH(group=group.pk)
    return found


def _health(*, group: UUID) -> QuerySet[Any, Any]:
    now, today = clock.now(), clock.today()
    over = has_ended(now)
    here = Meeting.objects.filter(group=OuterRef("pk"))
    held = here.filter(over, status=State.HELD, date__gte=today - LOOK_BACK).order_by("-date")
    last = here.filter(over).exclude(status=State.CANCELLED).order_by("-date")
    coming = here.filter(is_to_end(now)).exclude(status=State.CANCELLED).order_by("date")
    unkept = here.filter(without_logbook(), date__lte=due_on(today), date__gte=today - LOOK_BACK)
    seats = Placement.objects.filter(group=OuterRef("pk"), last_day__isnull=True)
    of_today = Placement.objects.held().filter(group=OuterRef("pk"), first_day__lte=today)
    present = Attendance.objects.filter(meeting=OuterRef("evening"), state=Attendance.State.PRESENT)
    ended = Trajectory.objects.filter(
        group=OuterRef("pk"), exited_on__isnull=False, definitive_on__isnull=False
    )
    length = ExpressionWrapper(F("exited_on") - F("definitive_on"), DurationField())
    return (
        Group.objects.filter(pk=group)
        .annotate(
            workers=_many(workers_at(Q(group=OuterRef("pk"))), "user"),
            seats=_many(seats),
            taking_part=_many(of_today.filter(trial=False)),
            met=Exists(here.over(now)),
            last_on=Subquery(last.values("date")[:1]),
            next_on=Subquery(coming.values("date")[:1]),
            unkept=_many(unkept),
            unkept_on=Subquery(unkept.order_by("-date").values("date")[:1]),
            unkept_last=Subquery(unkept.order_by("-date").values("pk")[:1]),
            evening=Subquery(held.values("pk")[:1]),
            evening_on=Subquery(held.values("date")[:1]),
        )
        .annotate(
            here=_many(present),
            stays=_many(ended),
            mean=Subquery(
                ended.order_by()
                .annotate(of_all=Value(1))
                .values("of_all")
                .annotate(mean=Avg(length))
                .values("mean")
            ),
        )
        .values_list(
            "state", "workers", "seats", "taking_part", "met", "last_on", "next_on", "evening",
            "evening_on", "here", "stays", "mean", "unkept", "unkept_on", "unkept_last",
        )
    )  # fmt: skip


def _many(rows: QuerySet[Any], of: str = "pk") -> Coalesce:
    """How many different ones there are."""
    one = rows.order_by().annotate(of_all=Value(1)).values("of_all")
    return Coalesce(Subquery(one.annotate(n=Count(of, distinct=True)).values("n")), Value(0))


def _row(*columns: Any) -> Health:
    found = Health(*columns)
    return found if found.evening is not None else replace(found, here=None)


_HEALTH = ReadyMade(_row, _health, group=UUID)
