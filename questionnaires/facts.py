"""What is known of a stay, as plain frozen values: everything the cycle of waves looks at.

`load` reads the facts of many stays in six queries, whatever their number. The rules in
`questionnaires.waves` get nothing else, so whatever decides a wave is visible here and in
`export_cycle`.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from core.clock import AMSTERDAM
from groups.models import Attendance, Placement
from participants.models import Hold, Trajectory
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
    date: date
    group: UUID
    status: str = "held"
    attendance: str = "present"
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave that should stand, or does. `reason` says why, as data."""

    wave: str
    sequence: int
    earned_on: date
    opened_on: date
    due_on: date | None = None
    answered_on: date | None = None
    state: str = "open"
    reason: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int]:
        return (self.wave, self.sequence)


@dataclass(frozen=True, slots=True)
class StayFacts:
    """One stay. `screened_on` is the day of a positive first talk, else None.

    `invitations`: what stands now, withdrawn ones left out. Of those the cycle keeps what facts
    cannot tell again: the day a wave opened, and every answered wave.
    """

    trajectory: UUID
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


STAY_FIELDS = (
    "id",
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


def load(trajectory_ids: Collection[UUID], *, lock: bool = False) -> list[StayFacts]:
    """Facts of these stays, ordered by id. With `lock` the stays are locked first, in that order.

    Six queries for one stay or for a thousand. Unknown ids are left out.
    """
    stays = Trajectory.objects.filter(pk__in=trajectory_ids).order_by("pk")
    if lock:
        stays = stays.select_for_update()
    rows = list(stays.values(*STAY_FIELDS))
    ids = [row["id"] for row in rows]
    seats = _seats(ids)
    holds = _holds(ids)
    evenings = _evenings(ids)
    invitations = _invitations(ids)
    return [
        StayFacts(
            trajectory=row["id"],
            phase=row["phase"],
            screened_on=row["screened_on"] if row["suitable"] else None,
            consent_complete_on=row["consent_complete_on"],
            definitive_on=row["definitive_on"],
            last_meeting_on=row["last_meeting_on"],
            ended_on=row["ended_on"],
            exited_on=row["exited_on"],
            exit_kind=row["exit_kind"],
            follow_up_waived=row["follow_up_waived"],
            seats=tuple(seats[row["id"]]),
            holds=tuple(holds[row["id"]]),
            evenings=tuple(evenings[row["id"]]),
            invitations=tuple(invitations[row["id"]]),
        )
        for row in rows
    ]


def day_of(moment: datetime | None) -> date | None:
    """The calendar day in Amsterdam of a stored moment."""
    return moment.astimezone(AMSTERDAM).date() if moment else None


def _seats(ids: Collection[UUID]) -> dict[UUID, list[Seat]]:
    found: dict[UUID, list[Seat]] = defaultdict(list)
    rows = Placement.objects.filter(trajectory_id__in=ids).order_by("first_day", "id")
    for row in rows.only(
        "trajectory_id", "group_id", "first_day", "last_day", "trial", "placed_at"
    ):
        found[row.trajectory_id].append(
            Seat(row.group_id, row.first_day, row.last_day, row.trial, day_of(row.placed_at))
        )
    return found


def _holds(ids: Collection[UUID]) -> dict[UUID, list[OnHold]]:
    found: dict[UUID, list[OnHold]] = defaultdict(list)
    for row in Hold.objects.filter(trajectory_id__in=ids).order_by("days", "kind"):
        if not row.days.isempty:
            found[row.trajectory_id].append(OnHold(row.kind, row.days.lower, row.days.upper))
    return found


def _evenings(ids: Collection[UUID]) -> dict[UUID, list[Evening]]:
    """Meetings of the group during a placement, and every other one with a recorded row."""
    sheet = (
        Placement.objects.filter(
            Q(last_day__isnull=True) | Q(group__meetings__date__lte=F("last_day")),
            trajectory_id__in=ids,
            group__meetings__date__gte=F("first_day"),
        )
        .values_list(
            "trajectory_id",
            "group__meetings__id",
            "group__meetings__date",
            "group_id",
            "group__meetings__status",
        )
        .order_by()
    )
    recorded = (
        Attendance.objects.filter(trajectory_id__in=ids)
        .values_list(
            "trajectory_id",
            "meeting_id",
            "meeting__date",
            "meeting__group_id",
            "meeting__status",
            "state",
            "recorded_at",
        )
        .order_by()
    )
    by_meeting: dict[tuple[UUID, UUID], Evening] = {}
    for stay, meeting, day, group, status in sheet:
        by_meeting[stay, meeting] = Evening(meeting, day, group, status, "not_recorded")
    for stay, meeting, day, group, status, state, moment in recorded:
        by_meeting[stay, meeting] = Evening(meeting, day, group, status, state, day_of(moment))
    found: dict[UUID, list[Evening]] = defaultdict(list)
    for (stay, _meeting), evening in by_meeting.items():
        found[stay].append(evening)
    for rows in found.values():
        rows.sort(key=lambda evening: (evening.date, evening.id))
    return found


def _invitations(ids: Collection[UUID]) -> dict[UUID, list[Standing]]:
    found: dict[UUID, list[Standing]] = defaultdict(list)
    rows = Invitation.objects.filter(trajectory_id__in=ids).standing()
    for row in rows.order_by("earned_on", "sequence"):
        found[row.trajectory_id].append(as_standing(row))
    return found


def as_standing(row: Invitation) -> Standing:
    return Standing(
        wave=row.wave,
        sequence=row.sequence,
        earned_on=row.earned_on,
        opened_on=row.opened_on,
        due_on=row.due_on,
        answered_on=row.answered_on,
        state=row.state,
        reason=row.reason,
    )
