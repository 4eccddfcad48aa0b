"""Who was there: saved per tap, with the client's id and a version, so that nothing is lost,
nothing counts twice and two workers never overwrite each other silently (R-130, R-131).

Locks: trajectories (by id), then the meeting, then its rows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock, ports
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from core.ports import Consequence
from groups.evenings.last_meeting import follow_last_meeting
from groups.evenings.meetings import on_sheet
from groups.models import AbsenceNotice, Attendance, AttendanceTap, Meeting
from participants.models import Trajectory
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock_all

State = Attendance.State
NEXT: dict[str, str] = {
    State.NOT_RECORDED: State.PRESENT,
    State.PRESENT: State.WITH_NOTICE,
    State.WITH_NOTICE: State.WITHOUT_NOTICE,
    State.WITHOUT_NOTICE: State.NOT_RECORDED,
}
"""What one tap on a row makes of it; *did not come* has a key of its own beside it."""


@dataclass(frozen=True)
class Tap:
    """One wish of one client: `version` is the one the worker was looking at."""

    client_id: UUID
    trajectory_id: UUID
    state: str
    version: int


@dataclass(frozen=True)
class Change:
    """What the port attendance_preview is asked about: one row as it would become."""

    trajectory_id: UUID
    meeting_id: UUID
    date: date
    from_state: str
    to_state: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else was first: the value that stands, whose it is and since when."""

    trajectory_id: UUID
    state: str
    version: int
    by_name: str
    at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """What came of an act: ids that were saved, and conflicts that were not."""

    saved: list[UUID] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def is_correction(meeting: Meeting, from_state: str, to_state: str, day: date) -> bool:
    """A change to a recorded row after the meeting's day; recording late is none."""
    return meeting.date < day and from_state not in (State.NOT_RECORDED, to_state)


@transaction.atomic
def record(*, meeting: Meeting, taps: Sequence[Tap], by: User, act: UUID | None = None) -> Sheet:
    """Save the taps; a resend (same client id) changes nothing, a stale version is reported.

    The first recorded row makes the meeting held; when none is left it is planned again.
    Raises RuleBroken: unknown_state, not_on_sheet, meeting_cancelled, meeting_to_come,
    client_id_used.
    """
    if any(tap.state not in State.values for tap in taps):
        raise RuleBroken(_("Choose one of the four states."), "unknown_state")
    if len({tap.trajectory_id for tap in taps}) != len(taps):
        raise RuleBroken(_("One tap for one person at a time."), "unknown_state")
    people = _lock_people({tap.trajectory_id for tap in taps})
    evening = _lock_meeting(meeting)
    rows = _rows(evening)
    _check_on_sheet(evening, rows, taps)
    return _save(evening, rows, people, taps, by, act, _applied(taps))


@transaction.atomic
def everyone_here(*, meeting: Meeting, client_id: UUID, by: User) -> Sheet:
    """Fill the rows not yet recorded, and only those: here, or *told us* for who said so.

    The taps' ids follow from `client_id` and the person, so a resend changes nothing.
    """
    placements = list(on_sheet(meeting).values_list("trajectory_id", flat=True))
    people = _lock_people(set(placements))
    evening = _lock_meeting(meeting)
    if AttendanceTap.objects.filter(act=client_id).exists():
        return Sheet()
    rows = _rows(evening)
    told = set(notices_of(evening))
    taps = []
    for trajectory_id in placements:
        row = rows.get(trajectory_id)
        if row is None or row.state == State.NOT_RECORDED:
            taps.append(
                Tap(
                    uuid.uuid5(client_id, str(trajectory_id)),
                    trajectory_id,
                    State.WITH_NOTICE if trajectory_id in told else State.PRESENT,
                    row.version if row else 0,
                )
            )
    return _save(evening, rows, people, taps, by, client_id, {})


@transaction.atomic
def undo(*, meeting: Meeting, client_id: UUID, by: User) -> Sheet:
    """Take back this worker's last act of today on this sheet; again goes one further back.

    A row that somebody else changed since keeps their value and is reported. Only on the day
    itself; later a change is a correction. Raises RuleBroken: undo_over.
    """
    if meeting.date < clock.today():
        raise RuleBroken(_("This evening is over: change the row itself."), "undo_over")
    if AttendanceTap.objects.filter(act=client_id).exists():
        return Sheet()
    last = _undoable(meeting, by)
    if not last:
        return Sheet()
    people = _lock_people({tap.attendance.trajectory_id for tap in last})
    evening = _lock_meeting(meeting)
    taps = [
        Tap(
            uuid.uuid5(client_id, str(tap.attendance.trajectory_id)),
            tap.attendance.trajectory_id,
            tap.from_state,
            tap.version,
        )
        for tap in last
    ]
    sheet = _save(evening, _rows(evening), people, taps, by, client_id, {})
    AttendanceTap.objects.filter(pk__in=[tap.pk for tap in last]).update(undone=True)
    AttendanceTap.objects.filter(act=client_id).update(undone=True)
    return sheet


def can_undo(meeting: Meeting, by: User) -> bool:
    """Has this worker an act of today on this sheet that was not taken back yet?"""
    return _own_taps(meeting, by).exists()


def _undoable(meeting: Meeting, by: User) -> list[AttendanceTap]:
    """The taps of this worker's last act of today."""
    mine = _own_taps(meeting, by)
    last = mine.order_by("at", "act").last()
    return list(mine.filter(act=last.act).select_related("attendance")) if last else []


def _own_taps(meeting: Meeting, by: User) -> QuerySet[AttendanceTap]:
    today = clock.at(clock.today())
    return AttendanceTap.objects.filter(
        attendance__meeting=meeting, by=by, undone=False, at__gte=today
    )


def corrects(*, meeting: Meeting, tap: Tap) -> bool:
    """Would this tap change a recorded row after the meeting's day? Then it is confirmed first."""
    rows = Attendance.objects.filter(meeting=meeting, trajectory=tap.trajectory_id)
    before = rows.values_list("state", flat=True).first() or State.NOT_RECORDED
    return is_correction(meeting, before, tap.state, clock.today())


def preview(*, meeting: Meeting, taps: Sequence[Tap]) -> list[Consequence]:
    """What these taps would open, move or withdraw, said before they are made (R-131)."""
    states = dict(
        Attendance.objects.filter(
            meeting=meeting, trajectory__in=[tap.trajectory_id for tap in taps]
        ).values_list("trajectory_id", "state")
    )
    changes = [
        Change(
            tap.trajectory_id,
            meeting.pk,
            meeting.date,
            states.get(tap.trajectory_id, State.NOT_RECORDED),
            tap.state,
        )
        for tap in taps
    ]
    return [consequence for part in ports.attendance_preview(changes) for consequence in part]


def notices_of(meeting: Meeting) -> dict[UUID, AbsenceNotice]:
    """Who told us that they can't come, by stay: a proposal, not a recorded row."""
    return {
        notice.trajectory_id: notice
        for notice in AbsenceNotice.objects.filter(meeting=meeting, taken_back_at__isnull=True)
    }


def _lock_people(ids: set[UUID]) -> dict[UUID, Trajectory]:
    return {stay.pk: stay for stay in lock_all(ids)}


def _lock_meeting(meeting: Meeting) -> Meeting:
    row = lock_copy(meeting)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This evening was cancelled."), "meeting_cancelled")
    if row.date > clock.today():
        raise RuleBroken(_("This evening is still to come."), "meeting_to_come")
    return row


def _rows(meeting: Meeting) -> dict[UUID, Attendance]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("recorded_by")
    return {row.trajectory_id: row for row in rows}


def _check_on_sheet(meeting: Meeting, rows: dict[UUID, Attendance], taps: Sequence[Tap]) -> None:
    strangers = {tap.trajectory_id for tap in taps} - rows.keys()
    if strangers:
        strangers -= set(on_sheet(meeting).values_list("trajectory_id", flat=True))
    if strangers:
        raise RuleBroken(_("This person is not on the sheet of this evening."), "not_on_sheet")


def _applied(taps: Sequence[Tap]) -> dict[UUID, AttendanceTap]:
    found = AttendanceTap.objects.filter(client_id__in=[tap.client_id for tap in taps])
    return {tap.client_id: tap for tap in found}


def _check_same(earlier: AttendanceTap, row: Attendance, tap: Tap) -> None:
    if earlier.attendance_id != row.pk or earlier.to_state != tap.state:
        raise RuleBroken(_("Reload the page and try again."), "client_id_used")


def _conflict(row: Attendance) -> Conflict:
    name = row.recorded_by.first_name if row.recorded_by else ""
    return Conflict(row.trajectory_id, row.state, row.version, name, row.recorded_at)


@told_once()
def _save(
    meeting: Meeting,
    rows: dict[UUID, Attendance],
    people: dict[UUID, Trajectory],
    taps: Sequence[Tap],
    by: User,
    act: UUID | None,
    seen: dict[UUID, AttendanceTap],
) -> Sheet:
    """Sort the taps into saved before, stale and wanted, and apply the last. All is locked."""
    sheet = Sheet()
    wanted: list[tuple[Attendance, Tap]] = []
    for tap in taps:
        row = rows.get(tap.trajectory_id) or Attendance(
            meeting=meeting, trajectory_id=tap.trajectory_id
        )
        earlier = seen.get(tap.client_id)
        if earlier is not None:
            _check_same(earlier, row, tap)
        elif row.version != tap.version and row.state != tap.state:
            sheet.conflicts.append(_conflict(row))
            continue
        elif row.state != tap.state:
            wanted.append((row, tap))
        sheet.saved.append(tap.trajectory_id)
    if wanted:
        _apply(meeting, rows, wanted, by, act)
        leaving = [row.trajectory_id for row, _tap in wanted if _is_leaving(people, row)]
        if leaving:
            follow_last_meeting(leaving, by=by)
        changed([row.trajectory_id for row, _tap in wanted], StayFact.ATTENDANCE)
    return sheet


def _is_leaving(people: dict[UUID, Trajectory], row: Attendance) -> bool:
    return people[row.trajectory_id].phase == Trajectory.Phase.LEAVING


def _apply(
    meeting: Meeting,
    rows: dict[UUID, Attendance],
    wanted: list[tuple[Attendance, Tap]],
    by: User,
    act: UUID | None,
) -> None:
    """Write rows and taps, and settle the meeting's status."""
    now, today = clock.now(), clock.today()
    applied = []
    for row, tap in wanted:
        before = row.state
        row.state, row.recorded_by = tap.state, by
        row.version += 1
        row.recorded_at = now if tap.state != State.NOT_RECORDED else None
        applied.append(
            AttendanceTap(
                client_id=tap.client_id,
                attendance=row,
                from_state=before,
                to_state=tap.state,
                by=by,
                at=now,
                version=row.version,
                act=act or tap.client_id,
                correction=is_correction(meeting, before, tap.state, today),
            )
        )
        rows[row.trajectory_id] = row
    new = [row for row, _tap in wanted if row._state.adding]
    known = [row for row, _tap in wanted if not row._state.adding]
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(known, ["state", "recorded_by", "version", "recorded_at"])
    AttendanceTap.objects.bulk_create(applied)
    held = any(row.state != State.NOT_RECORDED for row in rows.values())
    status = Meeting.Status.HELD if held else Meeting.Status.PLANNED
    if meeting.status != status:
        meeting.status = status
        meeting.save(update_fields=["status"])
