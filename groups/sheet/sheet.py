"""Tonight's sheet as it is read: call names and states; reasons and notes stay behind a tap."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from core import clock
from core.accounts.models import User
from core.ids import uuid7
from groups.evenings.first_evening import waited_for_at
from groups.evenings.meetings import people_on_sheet
from groups.models import AbsenceNotice, Attendance, AttendanceTap, Meeting
from groups.seats.glance import note_of
from groups.sheet.attendance import NEXT, Conflict, State, can_undo, notices_of
from participants.consent import needed as consent
from participants.models import Trajectory
from participants.recusal import recusal


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
    told: AbsenceNotice | None
    correction: bool
    last_evening: bool = False
    at_the_door: bool = False
    name_only: bool = False
    by_name: str = ""
    saved_at: datetime | None = None
    conflict: Conflict | None = None
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
        return self.state == State.NOT_RECORDED and self.told is not None


@dataclass(frozen=True)
class Saved:
    """The quiet line at the bottom: who was saved last, when, by whom. No name: several people."""

    at: datetime
    name: str
    by_name: str


@dataclass(frozen=True)
class Evening:
    """Everything on the page; a fixed number of queries whatever the group's size."""

    meeting: Meeting
    rows: list[Row]
    saved: Saved | None
    can_undo: bool
    writable: bool
    act_id: UUID = field(default_factory=uuid7)
    undo_id: UUID = field(default_factory=uuid7)

    @property
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
        return self.meeting.date < clock.today()

    @property
    def is_to_come(self) -> bool:
        return self.meeting.date > clock.today()

    @property
    def saved_at(self) -> str:
        """When the last tap was saved, in microseconds: a later sheet has a higher number."""
        return f"{self.saved.at.timestamp() * 1_000_000:.0f}" if self.saved else "0"

    def row(self, trajectory_id: UUID) -> Row | None:
        return next((row for row in self.rows if row.trajectory_id == trajectory_id), None)


def read_evening(
    meeting: Meeting, user: User, *, writable: bool, conflicts: list[Conflict] | None = None
) -> Evening:
    """The sheet of `meeting` for this worker, with the conflicts of the act just tried."""
    recorded = {
        row.trajectory_id: row
        for row in Attendance.objects.filter(meeting=meeting).select_related("recorded_by")
    }
    told = notices_of(meeting)
    outside = waited_for_at(meeting, user)
    clashes = {conflict.trajectory_id: conflict for conflict in conflicts or ()}
    placements = {p.trajectory_id: p for p in people_on_sheet(meeting)}
    people = [(p.trajectory, note_of(p)) for p in placements.values()]
    gone = [
        key
        for key, row in recorded.items()
        if key not in placements and row.state != State.NOT_RECORDED
    ]
    if gone:
        stays = Trajectory.objects.filter(pk__in=gone).select_related("participant")
        people += [(stay, "") for stay in stays]
    hidden = recusal.out_of(user)
    rows = [
        _row(meeting, stay, note, recorded.get(stay.pk), told.get(stay.pk), clashes.get(stay.pk))
        for stay, note in people
    ]
    rows = [replace(row, at_the_door=row.trajectory_id in outside) for row in rows]
    rows = [
        replace(row, note="", why_blocked="", name_only=True)
        if stay.participant_id in hidden
        else row
        for row, (stay, _note) in zip(rows, people, strict=True)
    ]
    return Evening(
        meeting=meeting,
        rows=sorted(rows, key=lambda row: row.name.casefold()),
        saved=_last_saved(meeting),
        can_undo=writable and meeting.date == clock.today() and can_undo(meeting, user),
        writable=writable,
    )


def _row(
    meeting: Meeting,
    stay: Trajectory,
    note: str,
    recorded: Attendance | None,
    told: AbsenceNotice | None,
    conflict: Conflict | None,
) -> Row:
    state = recorded.state if recorded else State.NOT_RECORDED
    return Row(
        trajectory_id=stay.pk,
        name=stay.participant.call_name,
        state=str(state),
        version=recorded.version if recorded else 0,
        note=note,
        why_blocked=stay.blocked_reason if note == "blocked" else "",
        told=told,
        correction=meeting.date < clock.today() and state != State.NOT_RECORDED,
        by_name=recorded.recorded_by.first_name if recorded and recorded.recorded_by else "",
        saved_at=recorded.recorded_at if recorded else None,
        conflict=conflict,
        last_evening=stay.last_meeting_on == meeting.date,
    )


def _last_saved(meeting: Meeting) -> Saved | None:
    taps = list(
        AttendanceTap.objects.filter(attendance__meeting=meeting)
        .select_related("by", "attendance__trajectory__participant")
        .order_by("-at", "-act")[:2]
    )
    if not taps:
        return None
    several = len(taps) == 2 and taps[0].act == taps[1].act
    name = "" if several else taps[0].attendance.trajectory.participant.call_name
    return Saved(clock.local(taps[0].at), name, taps[0].by.first_name)
