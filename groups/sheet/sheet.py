"""Tonight's sheet as it is read: call names and states; reasons and notes stay behind a tap."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, QuerySet

from core import clock
from core.accounts.models import User, first_name_of
from core.ids import uuid7
from core.names import in_order
from core.ready_made import ReadyMade
from groups.evenings.over import is_closed, is_to_come
from groups.models import AbsenceNotice, AttendanceTap, Meeting
from groups.models.moments import is_over, is_tonight
from groups.seats.glance import note as note_on
from groups.sheet.attendance import NEXT, Conflict, Sheet, State, own_taps
from groups.sheet.not_arrived import Call, calls_of
from groups.sheet.rows import OnSheet, rows_of
from participants.consent import needed as consent


@dataclass(frozen=True)
class Row:
    """One person of the sheet. `note`: trial, blocked, leaving, paused or nothing.

    `correction`: recorded, and the evening's day is over; it is changed on a page of its own.
    `name_only`: this worker stays out of the person's stay and sees the name and the state.
    """

    trajectory_id: UUID
    name: str
    state: str
    version: int
    note: str
    why_blocked: str
    told: bool
    correction: bool
    last_evening: bool = False
    at_the_door: bool = False
    name_only: bool = False
    by_name: str = ""
    saved_at: datetime | None = None
    conflict: Conflict | None = None
    call: Call | None = None
    client_id: UUID = field(default_factory=uuid7)

    @property
    def next_state(self) -> str:
        """One tap further; who told us beforehand is proposed as such."""
        if self.state == State.NOT_RECORDED and self.told:
            return str(State.WITH_NOTICE)
        return str(NEXT[self.state])

    @property
    def quick_state(self) -> str:
        """The second target of a row: the exception that is likely from here, in one tap."""
        likely_away = self.state in (State.NOT_RECORDED, State.PRESENT) and not self.proposed
        return str(State.WITHOUT_NOTICE if likely_away else State.PRESENT)

    @property
    def why_blocked_text(self) -> str:
        """Why taking part waits, in words; only on the page behind the name."""
        return str(consent.WHY.get(self.why_blocked, ""))

    @property
    def proposed(self) -> bool:
        return self.told and self.state == State.NOT_RECORDED


@dataclass(frozen=True)
class Saved:
    """The quiet line at the bottom: who was saved last, when, by whom. No name: several people."""

    at: datetime
    name: str
    by_name: str


@dataclass(frozen=True)
class Evening:
    """Everything on the page; a fixed number of queries whatever the group's size.

    `asks_first`: its sheet opens later today, and nobody said here that it is filled in now.
    """

    meeting: Meeting
    rows: list[Row]
    saved: Saved | None
    can_undo: bool
    writable: bool
    asks_first: bool = False
    act_id: UUID = field(default_factory=uuid7)
    undo_id: UUID = field(default_factory=uuid7)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(row.state for row in self.rows)

    @property
    def here(self) -> int:
        return self.counts[State.PRESENT]

    @property
    def told_us(self) -> int:
        return self.counts[State.WITH_NOTICE]

    @property
    def not_here(self) -> int:
        return self.counts[State.WITHOUT_NOTICE]

    @property
    def open(self) -> int:
        return self.counts[State.NOT_RECORDED]

    @property
    def proposed(self) -> int:
        """Rows that *everyone is here* takes over as told us."""
        return sum(row.proposed for row in self.rows)

    @property
    def would_be_here(self) -> int:
        return self.open - self.proposed

    @property
    def is_past(self) -> bool:
        return is_closed(self.meeting.date, clock.now())

    @property
    def is_to_come(self) -> bool:
        return is_to_come(self.meeting, clock.now())

    @property
    def is_over(self) -> bool:
        return is_over(self.meeting, clock.now())

    @property
    def is_tonight(self) -> bool:
        return is_tonight(self.meeting, clock.now())

    @property
    def takes_taps(self) -> bool:
        """A row can be tapped now: its day has begun, and it was not cancelled."""
        off = self.meeting.status == Meeting.Status.CANCELLED
        return self.writable and not (self.is_to_come or self.asks_first or off)

    @property
    def may_close(self) -> bool:
        """From its beginning until its sheet's day ends: *Bijeenkomst afsluiten*, or back."""
        begun = self.meeting.starts_at <= clock.now()
        return begun and not self.is_past and self.meeting.status != Meeting.Status.CANCELLED

    @property
    def saved_at(self) -> str:
        """When the last tap was saved, in microseconds: a later sheet has a higher number."""
        return f"{self.saved.at.timestamp() * 1_000_000:.0f}" if self.saved else "0"

    def row(self, trajectory_id: UUID) -> Row | None:
        return next((row for row in self.rows if row.trajectory_id == trajectory_id), None)


def read_evening(
    meeting: Meeting,
    user: User,
    *,
    writable: bool,
    asks_first: bool = False,
    conflicts: Sequence[Conflict] = (),
) -> Evening:
    """The sheet of `meeting` for this worker, with the conflicts of the act just tried."""
    saved, can_undo = _last_saved(meeting, user)
    rows = rows_of(meeting, user)
    evening = _evening(meeting, rows, user, saved, conflicts, can_undo=can_undo, writable=writable)
    return replace(evening, asks_first=asks_first)


def evening_after(meeting: Meeting, user: User, sheet: Sheet, only: UUID | None = None) -> Evening:
    """The sheet as this act left it, without reading again what the act knows. `only`: the one row
    that is drawn; who else is rung is not asked then.

    What it does not know is read: who waits at the door again when somebody was taken off the
    record, and what was saved before an act that saved nothing.
    """
    rows = sheet.rows
    if not rows or any(not rows[key].is_recorded for key in sheet.changed):
        rows = rows_of(meeting, user)
    if sheet.changed and all(rows[key].is_recorded for key in sheet.changed):
        one = rows[sheet.changed[0]]
        name = one.name if len(sheet.changed) == 1 else ""
        saved: Saved | None = Saved(clock.local(one.recorded_at or clock.now()), name, one.by_name)
        can_undo = True
    else:
        saved, can_undo = _last_saved(meeting, user)
    return _evening(
        meeting,
        rows,
        user,
        saved,
        sheet.conflicts,
        can_undo=can_undo,
        writable=True,
        only=only,
    )


def _evening(
    meeting: Meeting,
    found: Mapping[UUID, OnSheet],
    user: User,
    saved: Saved | None,
    conflicts: Sequence[Conflict],
    *,
    can_undo: bool,
    writable: bool,
    only: UUID | None = None,
) -> Evening:
    past = is_closed(meeting.date, clock.now())
    clashes = {conflict.trajectory_id: conflict for conflict in conflicts}
    shown = [row for row in found.values() if row.trial is not None or row.is_recorded]
    open_rows = writable and any(
        not row.is_recorded and only in (None, row.trajectory_id) for row in shown
    )
    calls = calls_of(meeting, user) if open_rows else {}
    return Evening(
        meeting=meeting,
        rows=[
            _row(
                row,
                meeting.date,
                clashes.get(row.trajectory_id),
                past=past,
                call=None if row.is_recorded else calls.get(row.trajectory_id),
            )
            for row in sorted(shown, key=lambda row: (in_order(row.name), row.trajectory_id))
        ],
        saved=saved,
        can_undo=writable and can_undo and not past,
        writable=writable,
    )


def _row(
    row: OnSheet, day: date, conflict: Conflict | None, *, past: bool, call: Call | None
) -> Row:
    note = ""
    if row.trial is not None and not row.name_only:
        note = note_on(row.blocked_reason, row.phase, trial=row.trial)
    return Row(
        trajectory_id=row.trajectory_id,
        name=row.name,
        state=str(row.state),
        version=row.version,
        note=note,
        why_blocked=row.blocked_reason if note == "blocked" else "",
        told=row.told,
        correction=past and row.is_recorded,
        last_evening=row.last_meeting_on == day,
        at_the_door=row.at_the_door,
        name_only=row.name_only,
        by_name=row.by_name,
        saved_at=row.recorded_at,
        conflict=conflict,
        call=call,
    )


def notice_behind(meeting: Meeting, trajectory_id: UUID) -> AbsenceNotice | None:
    """What somebody told us beforehand; stands behind the name only."""
    return AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory_id, taken_back_at__isnull=True
    ).first()


# ---- The quiet line at the bottom ----------------------------------------------------------


class _LastTap(NamedTuple):
    at: datetime
    act: UUID
    name: str
    by_name: str
    can_undo: bool


def _last_taps(*, meeting: UUID, user: UUID, since: datetime) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = (
        AttendanceTap.objects.filter(attendance__meeting=meeting)
        .order_by("-at", "-act")
        .values_list(
            "at",
            "act",
            "attendance__trajectory__shown_name",
            "by__name",
            Exists(own_taps(meeting, user, since)),
        )
    )
    return found[:2]


_LAST_TAPS = ReadyMade(_LastTap, _last_taps, meeting=UUID, user=UUID, since=datetime)


def _last_saved(meeting: Meeting, user: User) -> tuple[Saved | None, bool]:
    """What was saved last, and has this worker an act of this evening not taken back yet?"""
    taps = _LAST_TAPS(meeting=meeting.pk, user=user.pk, since=clock.at(meeting.date))
    if not taps:
        return None, False
    several = len(taps) == 2 and taps[0].act == taps[1].act
    name = "" if several else taps[0].name
    by_name = first_name_of(taps[0].by_name)
    return Saved(clock.local(taps[0].at), name, by_name), taps[0].can_undo
