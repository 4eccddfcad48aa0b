"""What is known of a stay, as plain frozen values: everything the cycle of waves looks at.

`load` reads the facts of many stays in one query, whatever their number. The rules in
`questionnaires.cycle.waves` get nothing else, so whatever decides a wave is visible here and in
`export_cycle`.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    When,
)
from django.db.models.functions import Cast, Least, TruncDate

from core import clock
from core.ready_made import ReadyMade, as_tuple, many
from groups.models import Attendance, Placement
from participants.models import Hold, Trajectory
from participants.stay.follow_up import newer_stay
from participants.stay.lock import lock_phases
from questionnaires.models import Invitation


@dataclass(frozen=True, slots=True)
class Seat:
    """A placement; first and last day inclusive, `until` None while it runs."""

    group: UUID
    first: date
    until: date | None = None
    trial: bool = False
    placed_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class OnHold:
    """Days on which nothing opens or is missed: half-open, the day of settlement is free.

    `from_at`, `until_at`: the moments, by which an evening is judged (C-43); where none is known
    the midnights. What began and was settled within a day covers moments and no day.
    """

    kind: str
    first: date
    until: date | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)

    @property
    def ended_on(self) -> date | None:
        """The day of settlement; None while it runs, and for what held up no day."""
        return self.until if self.until is not None and self.first < self.until else None

    def covers_moment(self, moment: datetime) -> bool:
        if moment < (self.from_at or clock.at(self.first)):
            return False
        until = self.until_at or (clock.at(self.until) if self.until else None)
        return until is None or moment < until


class Evening(NamedTuple):
    """A meeting at which this person stood on the sheet, and what was recorded of them.

    `recorded_on`: the day of its sheet (`groups.evenings.over`). `over_at`: the end, or when a
    worker closed it. A tuple, and not frozen like the others: a stay has many of them.
    """

    id: UUID
    day: date
    group: UUID
    status: str = "held"
    attendance: str = "present"
    recorded_on: date | None = None
    starts_at: datetime | None = None
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave that should stand, or does. `reason` says why, as data; `row` is its invitation.

    An opening of a wave is known by the day it opened; `opening` counts those of one wave.
    """

    wave: str
    sequence: int
    earned_on: date
    opened_on: date
    due_on: date | None = None
    answered_on: date | None = None
    state: str = "open"
    reason: dict[str, Any] = field(default_factory=dict)
    row: UUID | None = field(default=None, compare=False)
    opening: int = field(default=1, compare=False)
    answered_at: datetime | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, int]:
        return (self.wave, self.sequence)


class Kept(NamedTuple):
    """The counters as they are kept now (CycleState): they decide nothing."""

    attended: int
    last_answered_on: date | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class StayFacts:
    """One stay. `screened_on` is the day of a positive first talk, else None.

    `invitations`: what stands now. Of those the cycle keeps what facts cannot tell again: the day
    a wave opened, and every answered wave. `withdrawn`: what was taken back; of the same evening
    it may stand again, and a follow-up that stood and was waived leaves the exit as it was.
    `agreed_at`: when the last meeting that is in force was agreed. `came_back`: a newer stay of
    this person began after this one, whatever was said of the follow-up (R-352).
    """

    trajectory: UUID
    participant: UUID | None = None
    phase: str = "participating"
    screened_on: date | None = None
    consent_complete_on: date | None = None
    definitive_on: date | None = None
    last_meeting_on: date | None = None
    ended_on: date | None = None
    exited_on: date | None = None
    exit_kind: str = ""
    follow_up_waived: str = ""
    agreed_at: datetime | None = None
    came_back: bool = False
    seats: tuple[Seat, ...] = ()
    holds: tuple[OnHold, ...] = ()
    evenings: tuple[Evening, ...] = ()
    invitations: tuple[Standing, ...] = ()
    withdrawn: tuple[Standing, ...] = ()
    kept: Kept | None = field(default=None, compare=False)


def load(trajectory_ids: Collection[UUID], *, lock: bool = False) -> list[StayFacts]:
    """Facts of these stays, ordered by id; unknown ids are left out.

    One query for one stay or for a thousand. With `lock` the stays are locked first, in the order
    of their ids and in a query of its own, so that the facts are read after the wait.
    """
    if lock:
        lock_phases(trajectory_ids)
    known = _Known()
    return [_stay(row, known) for row in _FACTS(ids=list(trajectory_ids))]


class _Known:
    """Groups, meetings and days come back with each of their people: each text is read once."""

    def __init__(self) -> None:
        self.ids = _Read(UUID)
        self.days = _Read(date.fromisoformat, {None: None})
        self.moments = _Read(_moment, {None: None})


class _Read(dict[Any, Any]):
    """Text -> what it says."""

    def __init__(self, read: Callable[[str], Any], known: Mapping[Any, Any] | None = None) -> None:
        super().__init__(known or {})
        self._read = read

    def __missing__(self, text: str) -> Any:
        found = self[text] = self._read(text)
        return found


def _moment(text: str) -> datetime:
    return clock.local(datetime.fromisoformat(text))


def _everything(*, ids: list[UUID]) -> QuerySet[Trajectory, Any]:
    stays: QuerySet[Trajectory] = Trajectory.objects.filter(pk__in=ids).order_by("pk")
    lists = Func(
        *(_seats(), _holds(), _sheet(), _recorded(), _waves()),
        function="json_build_array",
        output_field=JSONField(),
    )
    rows = stays.annotate(lists=Cast(lists, TextField()), came_back=newer_stay())
    found: QuerySet[Trajectory, Any] = rows.values_list(*_PLAIN, *_KEPT, "lists")
    return found


_PLAIN = (
    "id",
    "participant_id",
    "phase",
    "suitable",
    "screened_on",
    "consent_complete_on",
    "definitive_on",
    "last_meeting_on",
    "ended_on",
    "exited_on",
    "exit_kind",
    "follow_up_waived",
    "last_meeting__agreed_at",
    "came_back",
)
_KEPT = ("cycle_state__attended", "cycle_state__last_answered_on", "cycle_state__next_due_at")
#: The one query, put together once: that costs more than asking it.
_FACTS = ReadyMade(as_tuple, _everything, ids=many)


def _stay(row: Sequence[Any], known: _Known) -> StayFacts:
    """The columns in their order; the last one holds the lists, without names."""
    stay, participant, phase, suitable, screened_on, *days = row[:10]
    consent_complete_on, definitive_on, last_meeting_on, ended_on, exited_on = days
    exit_kind, waived, agreed_at, came_back = row[10 : len(_PLAIN)]
    kept = Kept(*row[len(_PLAIN) : -1])
    seats, holds, sheet, recorded, invitations = json.loads(row[-1])
    day = known.days
    waves = [_as_standing(wave, known) for wave in invitations]
    return StayFacts(
        stay,
        participant,
        phase,
        screened_on if suitable else None,
        consent_complete_on,
        definitive_on,
        last_meeting_on,
        ended_on,
        exited_on,
        exit_kind,
        waived,
        agreed_at,
        came_back,
        seats=tuple(
            Seat(known.ids[group], day[first], day[until], trial, day[placed])
            for group, first, until, trial, placed in seats
        ),
        holds=tuple(hold for row in holds if (hold := _as_hold(row, known))),
        evenings=_evenings(sheet, recorded, known),
        invitations=tuple(wave for wave in waves if wave.state != "withdrawn"),
        withdrawn=tuple(wave for wave in waves if wave.state == "withdrawn"),
        kept=kept if kept.attended is not None else None,
    )


#: How evenings are put in order: the day and, should there be two of that day, the key.
BY_DAY = attrgetter("day", "id")


def _as_hold(row: Sequence[Any], known: _Known) -> OnHold | None:
    """A range that covers no day is empty: its moments say when it was."""
    kind, first, until, from_at, until_at = row
    began, ended = known.moments[from_at], known.moments[until_at]
    if first is not None:
        return OnHold(kind, known.days[first], known.days[until], began, ended)
    if began is None or ended is None:
        return None
    return OnHold(kind, clock.day_of(began), clock.day_of(began), began, ended)


def _evenings(sheet: Sequence[Any], recorded: Sequence[Any], known: _Known) -> tuple[Evening, ...]:
    """Meetings of the group during a placement, and every other one with a row of this stay."""
    ids, days, moments = known.ids, known.days, known.moments
    found = {}
    for meeting, day, group, status, starts, over in sheet:
        found[meeting] = Evening(
            *(ids[meeting], days[day], ids[group], status, "not_recorded", None),
            *(moments[starts], moments[over]),
        )
    for meeting, day, group, status, starts, over, state, at in recorded:
        found[meeting] = Evening(
            *(ids[meeting], days[day], ids[group], status, state, days[at]),
            *(moments[starts], moments[over]),
        )
    return tuple(sorted(found.values(), key=BY_DAY))


def _as_standing(row: Sequence[Any], known: _Known) -> Standing:
    key, wave, sequence, earned_on, opened_on, due_on, answered_on, state, reason = row[:9]
    opening, answered_at = row[9:]
    days = known.days
    return Standing(
        wave,
        sequence,
        days[earned_on],
        days[opened_on],
        days[due_on],
        days[answered_on],
        state,
        reason,
        UUID(key),
        opening,
        known.moments[answered_at],
    )


# ---- The parts of the one query -------------------------------------------


def _day_of(moment: str) -> TruncDate:
    """The calendar day in Amsterdam of a stored moment."""
    return TruncDate(moment, tzinfo=clock.AMSTERDAM)


def _of_this_stay(rows: Any, order: Sequence[str], *columns: Any) -> ArraySubquery:
    """Each row as a list: names would be written and read again with every one."""
    rows = rows.filter(trajectory=OuterRef("pk")).order_by(*order)
    listed = Func(*columns, function="json_build_array", output_field=JSONField())
    return ArraySubquery(rows.values(found=listed))


def _seats() -> ArraySubquery:
    columns = ("group_id", "first_day", "last_day", "trial", _day_of("placed_at"))
    return _of_this_stay(Placement.objects, ("first_day", "pk"), *columns)


def _holds() -> ArraySubquery:
    columns = ("kind", "days__startswith", "days__endswith", "from_at", "until_at")
    return _of_this_stay(Hold.objects, ("days", "kind"), *columns)


def _sheet() -> ArraySubquery:
    """Evenings of the group during a placement of which nothing is recorded yet."""
    row = Attendance.objects.filter(
        meeting=OuterRef("group__meetings__id"), trajectory=OuterRef("trajectory")
    )
    during = Placement.objects.filter(
        ~Exists(row),
        Q(last_day__isnull=True) | Q(group__meetings__date__lte=F("last_day")),
        group__meetings__date__gte=F("first_day"),
    )
    meeting = ("group__meetings__id", "group__meetings__date", "group_id")
    return _of_this_stay(during, (), *meeting, *_moments_of("group__meetings__"))


def _recorded() -> ArraySubquery:
    meeting = ("meeting_id", "meeting__date", "meeting__group_id", *_moments_of("meeting__"))
    return _of_this_stay(Attendance.objects, (), *meeting, "state", _SHEET_DAY)


def _moments_of(meeting: str) -> tuple[Any, ...]:
    """Status, start, and end (`groups.models.moments.over_at`)."""
    over = Least(f"{meeting}closed_at", f"{meeting}ends_at")
    return (f"{meeting}status", f"{meeting}starts_at", over)


#: `groups.evenings.over` once more: until when the sheet of an evening is open, and the day on
#: which a row was written down on it.
_SHEET_OPEN_UNTIL = Func(
    F("meeting__date"),
    template=f"((%(expressions)s + 1)::timestamp + interval '{clock.NIGHT_ENDS} hours')"
    f" AT TIME ZONE '{clock.AMSTERDAM.key}'",
    output_field=DateTimeField(),
)
_SHEET_DAY = Case(
    When(recorded_at__lt=_SHEET_OPEN_UNTIL, then=F("meeting__date")),
    default=_day_of("recorded_at"),
)


def _waves() -> ArraySubquery:
    columns = (
        *("id", "wave", "sequence", "earned_on", "opened_on", "due_on", "answered_on", "state"),
        *("reason", "opening", "response__submitted_at"),
    )
    return _of_this_stay(Invitation.objects, ("earned_on", "sequence", "opening", "pk"), *columns)
