"""Who hears what when the meetings of a group change: pure rules, without a database (R-376).

Nobody is told of an act; everybody is told of a difference: between what they were told last and
what stands now. So a plan of eleven days is one message, a move and a cancelling within minutes are
one, and what was taken back before anybody heard it is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core import clock

LENGTH = timedelta(hours=3)
#: A message that would come later than this before the start leaves at once (C-49).
NOTICE = timedelta(hours=3)


class Says(StrEnum):
    """What one line of a message says."""

    NEW = "new"
    AGAIN = "again"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Seat:
    """A place in the group. `came_on`: whoever came to get to know the group was there then."""

    first_day: date
    last_day: date | None = None
    trial: bool = False
    came_on: date | None = None

    def holds(self, day: date) -> bool:
        if self.trial and self.came_on is not None and self.came_on < day:
            return False
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Line:
    """One meeting: when this person thinks it is, and when it is. None: not at all."""

    meeting: UUID
    was: datetime | None
    now: datetime | None
    told_before: bool = False

    @property
    def says(self) -> Says:
        if self.now is None:
            return Says.CANCELLED
        if self.was is None:
            return Says.AGAIN if self.told_before else Says.NEW
        return Says.MOVED

    @property
    def moments(self) -> list[datetime]:
        return [moment for moment in (self.was, self.now) if moment is not None]


def counts_on(
    seats: Iterable[Seat], standing: Mapping[UUID, datetime], moment: datetime
) -> dict[UUID, datetime]:
    """The coming meetings that somebody with these seats counts on; `standing`: the group's.

    Whoever comes to get to know the group counts on the first one only.
    """
    coming = sorted(
        (starts, meeting) for meeting, starts in standing.items() if starts + LENGTH > moment
    )
    found: dict[UUID, datetime] = {}
    for seat in seats:
        theirs = [(m, starts) for starts, m in coming if seat.holds(clock.day_of(starts))]
        found |= dict(theirs[:1] if seat.trial else theirs)
    return found


def until_the_last(
    found: Mapping[UUID, datetime], *, last_day: date | None, goodbye: UUID | None
) -> dict[UUID, datetime]:
    """Less what comes after somebody's own last day. The goodbye itself counts wherever it stood:
    it is that meeting which moves their last day."""
    return {
        meeting: starts
        for meeting, starts in found.items()
        if _is_theirs(meeting, starts, last_day, goodbye)
    }


def until_goodbye(
    lines: Iterable[Line], *, last_day: date | None, goodbye: UUID | None
) -> list[Line]:
    """Less what would say that a meeting after their last day fails, or is on yet another day:
    they heard of it before the goodbye was agreed, and come to none of it."""
    return [
        line
        for line in lines
        if line.now is not None
        or line.was is None
        or _is_theirs(line.meeting, line.was, last_day, goodbye)
    ]


def _is_theirs(
    meeting: UUID, starts: datetime, last_day: date | None, goodbye: UUID | None
) -> bool:
    return last_day is None or meeting == goodbye or clock.day_of(starts) <= last_day


def what_to_tell(
    *,
    unheard: Mapping[UUID, datetime | None],
    heard: Mapping[UUID, datetime | None],
    left: Mapping[UUID, datetime | None] | None = None,
    before: Mapping[UUID, datetime | None],
    truth: Mapping[UUID, datetime | None],
    moment: datetime,
) -> list[Line]:
    """The lines for one person, in the order of time; none when there is nothing to say.

    `unheard`: what they thought when messages were written that nobody heard; `heard`: what they
    were told last; `left`: what they go on thinking where that was left; `before`: what stood
    before this change, for who was told nothing yet; `truth`: what stands now. What lies behind
    everybody is not told any more.
    """
    found = []
    for meeting in {*unheard, *before}:
        thinks = next((one for one in (unheard, left or {}, heard) if meeting in one), before)
        was = thinks.get(meeting)
        line = Line(meeting, was, truth.get(meeting), told_before=meeting in heard)
        if line.was != line.now and max(line.moments) + LENGTH > moment:
            found.append(line)
    return sorted(found, key=lambda line: (min(line.moments), line.meeting))


def only_of_what_they_knew(lines: Iterable[Line]) -> list[Line]:
    """For whom no new time may be given, or who wants no messages: what they count on fails."""
    return [line for line in lines if line.was is not None]


def should_know_by(lines: Iterable[Line], moment: datetime) -> datetime:
    """The first of the moments ahead: whoever knows by then stands before no closed door."""
    moments = [one for line in lines for one in line.moments]
    return min((one for one in moments if one > moment), default=max(moments))


def of_use_until(lines: Iterable[Line]) -> datetime:
    return max(one for line in lines for one in line.moments) + LENGTH


def is_of_tonight(lines: Iterable[Line], moment: datetime, in_daytime: datetime) -> bool:
    """It concerns this evening, or daytime's next slot would be too late (C-49)."""
    today = clock.evening_of(moment)
    ahead = [one for line in lines for one in line.moments if one + LENGTH > moment]
    return any(clock.day_of(one) == today or one - NOTICE < in_daytime for one in ahead)


@dataclass(frozen=True)
class Shift:
    """A change that stands, made `at`, of a meeting as it is now: `starts_at` None when it was
    cancelled."""

    meeting: UUID
    at: datetime
    was: datetime
    starts_at: datetime | None


def still_to_say(shifts: Iterable[Shift], since: date, today: date) -> list[Line]:
    """What stands on somebody's page until that day has passed: for each day they may still think
    of, that it does not go ahead or became another one. `since`: the first day of their place.

    What stood for some hours only, between two changes of one day, nobody thinks of.
    """
    first: dict[tuple[UUID, date], Shift] = {}
    for shift in sorted(shifts, key=lambda one: one.at):
        first.setdefault((shift.meeting, clock.evening_of(shift.at)), shift)
    found: dict[datetime, Line] = {}
    for shift in first.values():
        day = clock.day_of(shift.was)
        if day >= max(since, today) and shift.was != shift.starts_at:
            found[shift.was] = Line(shift.meeting, shift.was, shift.starts_at)
    return [found[moment] for moment in sorted(found)]
