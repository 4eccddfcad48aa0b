"""The plan of one season as it stands on its page: what was, what is planned, what is proposed."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from django.db.models import Min

from core import clock
from core.organisations.models import Group, SchoolHoliday
from core.organisations.school_holidays import region_at
from groups.evenings.meetings import LONGEST_AHEAD, RHYTHM
from groups.models import Meeting
from groups.year_plan.free_days import FreeDays, free_days
from groups.year_plan.proposals import proposed_days
from groups.year_plan.season import Season, goal, season_of

#: So long before the end of a season with nothing left to propose the next one opens by itself.
NEXT_OPENS = timedelta(days=62)
#: A plan that was taken back the same day: as if it had never stood there.
TAKEN_BACK = "taken_back"


class Mark(StrEnum):
    """How a day of the plan is: a shape and a word, never a colour alone."""

    HELD = "held"
    NOT_FILLED_IN = "open"
    TODAY = "today"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    PROPOSED = "proposed"
    FREE = "free"


@dataclass(frozen=True)
class Day:
    """A day of the plan. `about`: the activity, or what the free day is called.

    A proposal `can_tick`; `ticked`: it is at first.
    """

    date: date
    mark: Mark
    about: str = ""
    meeting: UUID | None = None
    can_tick: bool = False
    ticked: bool = False


@dataclass(frozen=True)
class Stands:
    """A meeting, as the plan needs it."""

    id: UUID
    date: date
    ends_at: datetime
    status: str
    activity: str
    closed_at: datetime | None = None


@dataclass(frozen=True)
class YearPlan:
    """One season of one group. `region`: whose school holidays; None where nobody knows."""

    season: Season
    goal: int
    days: Sequence[Day]
    region: SchoolHoliday.Region | None
    knows_schools: bool
    before: Season | None
    after: Season | None

    @property
    def whole(self) -> bool:
        return self.goal == goal(self.season, self.season.first)

    @property
    def counts(self) -> Counter[str]:
        return Counter(str(day.mark) for day in self.days)

    @property
    def held(self) -> int:
        return self.counts[Mark.HELD]

    @property
    def planned(self) -> int:
        return self.counts[Mark.PLANNED] + self.counts[Mark.TODAY]

    @property
    def standing(self) -> int:
        return self.held + self.planned + self.counts[Mark.NOT_FILLED_IN]

    @property
    def ticked(self) -> list[date]:
        return [day.date for day in self.days if day.ticked]

    @property
    def ticked_count(self) -> int:
        return len(self.ticked)

    @property
    def legend(self) -> list[tuple[Mark, int]]:
        """How many there are of each, in words below the marks; what there is none of is left out.

        Today's counts as planned, as it does in the total.
        """
        n = self.counts
        apart = (Mark.TODAY, Mark.PLANNED)
        found: list[tuple[Mark, int]] = [(mark, n[mark]) for mark in Mark if mark not in apart]
        found.insert(2, (Mark.PLANNED, self.planned))
        changes = (Mark.PROPOSED, Mark.FREE) if self.ticked else ()
        return [(mark, count) for mark, count in found if count or mark in changes]

    @property
    def next(self) -> Day | None:
        """The meeting that is next, today's included."""
        coming = (Mark.TODAY, Mark.PLANNED)
        return next((day for day in self.days if day.meeting and day.mark in coming), None)

    @property
    def is_ahead(self) -> bool:
        """Whether a day of this season can still be planned."""
        return self.season.last >= clock.today()

    @property
    def halves(self) -> list[list[tuple[date, list[Day]]]]:
        """September to January and February to August, each in months that have a day."""
        months = [(first, list(of)) for first, of in groupby(self.days, key=_first_of_month)]
        turn = date(self.season.year + 1, 2, 1)
        halves = [[m for m in months if m[0] < turn], [m for m in months if m[0] >= turn]]
        return [half for half in halves if half]


def year_plan(group: Group, wanted: int | None = None, region: str = "") -> YearPlan:
    """The season that begins in the year `wanted`, or the one to look at today.

    Wants `group.location`. `region`: chosen by hand, else that of the place. Five queries.
    """
    today = clock.today()
    begins = _begin(group) or today + timedelta(days=(group.weekday - today.weekday()) % 7)
    this = season_of(today)
    earliest, latest = season_of(min(begins, today)).year, this.year + 1
    season = Season(min(max(wanted, earliest), latest)) if wanted else this
    where = SchoolHoliday.Region(region) if region in SchoolHoliday.Region.values else None
    where = where or region_at(group.location)
    plan = _plan(group, season, begins, where)
    if not wanted and not plan.ticked and season.last - today < NEXT_OPENS:
        plan = _plan(group, Season(this.year + 1), begins, where)
    return plan


def not_there_yet(group: Group, days: Collection[date]) -> list[date]:
    """A second tab, or a colleague a moment ago: what stands by now is not planned again."""
    rows = Meeting.objects.filter(group=group, date__in=days)
    stands = set(rows.exclude(status=Meeting.Status.CANCELLED).values_list("date", flat=True))
    return [day for day in days if day not in stands]


def _plan(
    group: Group, season: Season, begins: date, region: SchoolHoliday.Region | None
) -> YearPlan:
    today, now = clock.today(), clock.now()
    around = (season.first - 2 * RHYTHM, season.last)
    rows = Meeting.objects.filter(group=group, date__range=around)
    rows = rows.exclude(cancel_reason=TAKEN_BACK).order_by("date")
    columns = rows.values_list("id", "date", "ends_at", "status", "activity", "closed_at")
    meetings = one_a_day([Stands(*row) for row in columns])
    free = free_days(season, region)
    days = laid_out(
        meetings,
        free,
        season=season,
        weekday=group.weekday,
        now=now,
        room=goal(season, begins),
    )
    earliest = season_of(min(begins, today)).year
    return YearPlan(
        season=season,
        goal=goal(season, begins),
        days=days,
        region=region,
        knows_schools=free.knows_schools,
        before=Season(season.year - 1) if season.year > earliest else None,
        after=Season(season.year + 1) if season.year <= season_of(today).year else None,
    )


def one_a_day(meetings: Iterable[Stands]) -> list[Stands]:
    """Of a day on which one was cancelled and another one stands, the one that stands."""
    found: dict[date, Stands] = {}
    for one in meetings:
        if one.date not in found or one.status != Meeting.Status.CANCELLED:
            found[one.date] = one
    return list(found.values())


def laid_out(
    meetings: Collection[Stands],
    free: FreeDays,
    *,
    season: Season,
    weekday: int,
    now: datetime,
    room: int,
) -> list[Day]:
    """Every day of the season in order. Pure.

    A holiday between two meetings was passed over: it is named. After the last meeting each free
    day of the rhythm is proposed, a holiday without a tick, and no more ticks than there is `room`
    for beside what stands.
    """
    today = clock.day_of(now)
    taken = {one.date for one in meetings}
    last = max(taken, default=season.first)
    days = [_standing(one, now) for one in meetings if one.date in season]
    room -= sum(day.mark != Mark.CANCELLED for day in days)
    passed = proposed_days(
        taken, weekday=weekday, today=season.first, first=season.first, last=season.last
    )
    for day in passed:
        if day < last and (name := free.name(day)):
            days.append(Day(day, Mark.FREE, name))
    ahead = min(season.last, today + LONGEST_AHEAD)
    coming = proposed_days(taken, weekday=weekday, today=today, first=season.first, last=ahead)
    for day in coming:
        name = free.name(day)
        if day < last and name:
            continue
        ticked = not name and room > 0
        room -= ticked
        mark = Mark.FREE if name else Mark.PROPOSED
        days.append(Day(day, mark, name, ticked=ticked, can_tick=True))
    return sorted(days, key=lambda day: day.date)


def _standing(one: Stands, now: datetime) -> Day:
    return Day(one.date, _mark(one, now), one.activity, one.id)


def _mark(one: Stands, now: datetime) -> Mark:
    if one.status == Meeting.Status.CANCELLED:
        return Mark.CANCELLED
    if min(one.closed_at or one.ends_at, one.ends_at) > now:
        return Mark.TODAY if one.date <= clock.day_of(now) else Mark.PLANNED
    return Mark.HELD if one.status == Meeting.Status.HELD else Mark.NOT_FILLED_IN


def _begin(group: Group) -> date | None:
    """The day of its first meeting that was not cancelled."""
    rows = Meeting.objects.filter(group=group).exclude(status=Meeting.Status.CANCELLED)
    first: date | None = rows.aggregate(first=Min("date"))["first"]
    return first


def _first_of_month(day: Day) -> date:
    return day.date.replace(day=1)
