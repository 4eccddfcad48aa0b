"""What is known of a stay, as plain frozen values: everything the cycle of waves looks at.

`load` reads the facts of many stays in one query, whatever their number. The rules in
`questionnaires.cycle.waves` get nothing else, so whatever decides a wave is visible here and in
`export_cycle`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from core import clock
from core.ready_made import ReadyMade, many
from groups.models import Attendance, Placement
from participants.models import Hold, Trajectory
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
    """Days on which nothing opens or is missed: half-open, the day of settlement is free."""

    kind: str
    first: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Evening:
    """A meeting at which this person stood on the sheet, and what was recorded of them."""

    id: UUID
    day: date
    group: UUID
    status: str = "held"
    attendance: str = "present"
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave that should stand, or does. `reason` says why, as data; `row` is its invitation."""

    wave: str
    sequence: int
    earned_on: date
    opened_on: date
    due_on: date | None = None
    answered_on: date | None = None
    state: str = "open"
    reason: dict[str, Any] = field(default_factory=dict)
    row: UUID | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, int]:
        return (self.wave, self.sequence)


@dataclass(frozen=True, slots=True)
class StayFacts:
    """One stay. `screened_on` is the day of a positive first talk, else None.

    `invitations`: what stands now. Of those the cycle keeps what facts cannot tell again: the day
    a wave opened, and every answered wave. `withdrawn` ones decide nothing; a wave that is earned
    again takes up its old row.
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
    seats: tuple[Seat, ...] = ()
    holds: tuple[OnHold, ...] = ()
    evenings: tuple[Evening, ...] = ()
    invitations: tuple[Standing, ...] = ()
    withdrawn: tuple[Standing, ...] = ()


def load(trajectory_ids: Collection[UUID], *, lock: bool = False) -> list[StayFacts]:
    """Facts of these stays, ordered by id; unknown ids are left out.

    One query for one stay or for a thousand. With `lock` the stays are locked first, in the order
    of their ids and in a query of its own, so that the facts are read after the wait.
    """
    if lock:
        lock_phases(trajectory_ids)
    return [_stay(row) for row in _FACTS(ids=list(trajectory_ids))]


def _everything(*, ids: list[UUID]) -> QuerySet[Trajectory, Any]:
    stays: QuerySet[Trajectory] = Trajectory.objects.filter(pk__in=ids).order_by("pk")
    rows = stays.annotate(
        seats=_seats(), on_hold=_holds(), sheet=_sheet(), recorded=_recorded(), waves=_waves()
    )
    found: QuerySet[Trajectory, Any] = rows.values_list(*_PLAIN, *_MANY)
    return found


def _named(*columns: Any) -> dict[str, Any]:
    return dict(zip((*_PLAIN, *_MANY), columns, strict=True))


#: The one query, put together once: that costs more than asking it.
_FACTS = ReadyMade(_named, _everything, ids=many)
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
)
_MANY = ("seats", "on_hold", "sheet", "recorded", "waves")


def _stay(row: dict[str, Any]) -> StayFacts:
    waves = [_as_standing(wave) for wave in row["waves"]]
    return StayFacts(
        trajectory=row["id"],
        participant=row["participant_id"],
        phase=row["phase"],
        screened_on=row["screened_on"] if row["suitable"] else None,
        consent_complete_on=row["consent_complete_on"],
        definitive_on=row["definitive_on"],
        last_meeting_on=row["last_meeting_on"],
        ended_on=row["ended_on"],
        exited_on=row["exited_on"],
        exit_kind=row["exit_kind"],
        follow_up_waived=row["follow_up_waived"],
        seats=tuple(
            Seat(UUID(s["group"]), _day(s["first"]), _maybe(s["until"]), s["trial"], _at(s["at"]))
            for s in row["seats"]
        ),
        holds=tuple(
            OnHold(h["kind"], _day(h["first"]), _maybe(h["until"]))
            for h in row["on_hold"]
            if h["first"] is not None
        ),
        evenings=_evenings(row["sheet"], row["recorded"]),
        invitations=tuple(wave for wave in waves if wave.state != "withdrawn"),
        withdrawn=tuple(wave for wave in waves if wave.state == "withdrawn"),
    )


def _evenings(
    sheet: Sequence[dict[str, Any]], recorded: Sequence[dict[str, Any]]
) -> tuple[Evening, ...]:
    """Meetings of the group during a placement, and every other one with a row of this stay."""
    found = {
        e["id"]: Evening(
            UUID(e["id"]), _day(e["date"]), UUID(e["group"]), e["status"], "not_recorded"
        )
        for e in sheet
        if e["id"]
    }
    for e in recorded:
        found[e["id"]] = Evening(
            UUID(e["id"]), _day(e["date"]), UUID(e["group"]), e["status"], e["state"], _at(e["at"])
        )
    return tuple(sorted(found.values(), key=lambda evening: (evening.day, evening.id)))


def _as_standing(row: dict[str, Any]) -> Standing:
    return Standing(
        wave=row["wave"],
        sequence=row["sequence"],
        earned_on=_day(row["earned_on"]),
        opened_on=_day(row["opened_on"]),
        due_on=_maybe(row["due_on"]),
        answered_on=_maybe(row["answered_on"]),
        state=row["state"],
        reason=row["reason"],
        row=UUID(row["id"]),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _maybe(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _at(text: str | None) -> date | None:
    """The calendar day in Amsterdam of a stored moment."""
    return clock.day_of(datetime.fromisoformat(text)) if text else None


# ---- The parts of the one query -------------------------------------------


def _of_this_stay(rows: Any, *order: str, **columns: Any) -> ArraySubquery:
    rows = rows.filter(trajectory=OuterRef("pk")).order_by(*order)
    return ArraySubquery(rows.values(found=JSONObject(**columns)))


def _seats() -> ArraySubquery:
    return _of_this_stay(
        Placement.objects,
        "first_day",
        "pk",
        group="group_id",
        first="first_day",
        until="last_day",
        trial="trial",
        at="placed_at",
    )


def _holds() -> ArraySubquery:
    return _of_this_stay(
        Hold.objects, "days", "kind", kind="kind", first="days__startswith", until="days__endswith"
    )


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
    return _of_this_stay(
        during,
        id="group__meetings__id",
        date="group__meetings__date",
        group="group_id",
        status="group__meetings__status",
    )


def _recorded() -> ArraySubquery:
    return _of_this_stay(
        Attendance.objects,
        id="meeting_id",
        date="meeting__date",
        group="meeting__group_id",
        status="meeting__status",
        state="state",
        at="recorded_at",
    )


def _waves() -> ArraySubquery:
    columns = (
        "id",
        "wave",
        "sequence",
        "earned_on",
        "opened_on",
        "due_on",
        "answered_on",
        "state",
        "reason",
    )
    return _of_this_stay(
        Invitation.objects, "earned_on", "sequence", "pk", **{name: name for name in columns}
    )
