"""Who was there: saved per tap, with the client's id and a version, so that nothing is lost,
nothing counts twice and two workers never overwrite each other silently (R-130, R-131).

Locks: trajectories (by id), then the meeting, then its rows.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import ReadyLock
from core.ports import Consequence
from core.sent_twice import used_elsewhere
from groups.beforehand.said import last_evenings
from groups.evenings.last_meeting import follow_last_meeting
from groups.evenings.meetings import on_sheet
from groups.evenings.over import is_closed, is_settled, is_to_come
from groups.models import Attendance, AttendanceTap, Meeting
from groups.sheet.rows import OnSheet, rows_to_change
from participants.models import Trajectory
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock_phases
from participants.stay.rehearsal import rehearse

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
class Conflict:
    """Somebody else was first: the value that stands, whose it is and since when."""

    trajectory_id: UUID
    state: str
    version: int
    by_name: str
    at: datetime | None


@dataclass
class Sheet:
    """What came of an act: ids that were saved, and conflicts that were not.

    `rows`: the whole sheet as the act left it, read once under its locks, and `status` of the
    evening. `changed`: those of whom the act wrote something down.
    """

    saved: list[UUID] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    rows: dict[UUID, OnSheet] = field(default_factory=dict)
    status: str = ""


def is_correction(meeting: Meeting, from_state: str, to_state: str, moment: datetime) -> bool:
    """A change to a recorded row after the sheet's day (C-44); recording late is none."""
    return is_closed(meeting.date, moment) and from_state not in (State.NOT_RECORDED, to_state)


@transaction.atomic
def record(
    *,
    meeting: Meeting,
    taps: Sequence[Tap],
    by: User,
    act: UUID | None = None,
    as_coordinator: bool = False,
) -> Sheet:
    """Save the taps; a resend (same client id) changes nothing, a stale version is reported.

    The first recorded row makes the meeting held; when none is left it is planned again.
    `as_coordinator`: a correction after the time in which the youth workers make them, and only
    that. Raises RuleBroken: unknown_state, not_on_sheet, meeting_cancelled, meeting_to_come,
    client_id_used, sheet_settled, not_settled.
    """
    if any(tap.state not in State.values for tap in taps):
        raise RuleBroken(_("Choose one of the four states."), "unknown_state")
    if len({tap.trajectory_id for tap in taps}) != len(taps):
        raise RuleBroken(_("One tap for one person at a time."), "unknown_state")
    people = _lock_people({tap.trajectory_id for tap in taps})
    evening = lock_sheet(meeting)
    rows = rows_to_change(evening, by, [tap.client_id for tap in taps])
    if not rows.keys() >= {tap.trajectory_id for tap in taps}:
        raise RuleBroken(_("This person is not on the sheet of this evening."), "not_on_sheet")
    _check_whose(evening, rows, taps, by, as_coordinator=as_coordinator)
    return save(evening, rows, people, taps, by, act)


@transaction.atomic
def everyone_here(*, meeting: Meeting, client_id: UUID, by: User) -> Sheet:
    """Fill the rows not yet recorded, and only those: here, or *told us* for who said so.

    The taps' ids follow from `client_id` and the person, so a resend changes nothing. Somebody
    who got a place while we waited for the locks stays open.
    """
    people = lock_everybody(meeting)
    evening = lock_sheet(meeting)
    rows = rows_to_change(evening, by, (), act=client_id)
    if is_resent(rows, client_id):
        return Sheet(rows=rows, status=evening.status)
    taps = [
        Tap(
            uuid.uuid5(client_id, str(row.trajectory_id)),
            row.trajectory_id,
            State.WITH_NOTICE if row.told else State.PRESENT,
            row.version,
        )
        for row in rows.values()
        if row.trial is not None and not row.is_recorded and row.trajectory_id in people
    ]
    return save(evening, rows, people, taps, by, client_id)


def own_taps(meeting: UUID, by: UUID, since: datetime) -> QuerySet[AttendanceTap]:
    """What this worker did on this sheet and did not take back yet. `since`: its day began."""
    return AttendanceTap.objects.filter(
        attendance__meeting=meeting, by=by, undone=False, at__gte=since
    )


def corrects(*, meeting: Meeting, tap: Tap) -> bool:
    """Would this tap change a recorded row after the sheet's day? Then it is confirmed first."""
    now = clock.now()
    if not is_closed(meeting.date, now):
        return False
    rows = Attendance.objects.filter(meeting=meeting, trajectory=tap.trajectory_id)
    before = rows.values_list("state", flat=True).first() or State.NOT_RECORDED
    return is_correction(meeting, before, tap.state, now)


def preview(
    *, meeting: Meeting, taps: Sequence[Tap], by: User, as_coordinator: bool = False
) -> list[Consequence]:
    """What these taps would open, move or withdraw, said before they are made (R-131).

    Raises what `record` raises.
    """
    act = partial(record, meeting=meeting, taps=taps, by=by, as_coordinator=as_coordinator)
    return rehearse(act, last_evenings)


def _lock_people(ids: Collection[UUID]) -> dict[UUID, Trajectory]:
    return {stay.pk: stay for stay in lock_phases(ids)}


def lock_everybody(meeting: Meeting) -> dict[UUID, Trajectory]:
    """Whoever stands on the sheet or is written down there, by id."""
    found = _SHEET(meeting=meeting.pk, group=meeting.group_id, day=meeting.date)
    return {stay.pk: stay for stay in found}


def _stays_on(*, meeting: UUID, group: UUID, day: date) -> QuerySet[Trajectory]:
    evening = Meeting(pk=meeting, group_id=group, date=day)
    written = Attendance.objects.filter(meeting=meeting).values("trajectory")
    placed = on_sheet(evening).values("trajectory")
    return Trajectory.objects.filter(pk__in=placed.union(written))


def _evening(*, meeting: UUID) -> QuerySet[Meeting]:
    return Meeting.objects.filter(pk=meeting)


_SHEET = ReadyLock(Trajectory, ("id", "phase"), _stays_on, meeting=UUID, group=UUID, day=date)
_EVENING = ReadyLock(
    Meeting, ("id", "group_id", "date", "starts_at", "status"), _evening, meeting=UUID
)


def lock_sheet(meeting: Meeting) -> Meeting:
    """The evening, whose sheet is open. Raises RuleBroken: meeting_cancelled, meeting_to_come."""
    (row,) = _EVENING(meeting=meeting.pk)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This evening was cancelled."), "meeting_cancelled")
    if is_to_come(row, clock.now()):
        raise RuleBroken(_("This evening is still to come."), "meeting_to_come")
    return row


def _check_whose(
    meeting: Meeting,
    rows: dict[UUID, OnSheet],
    taps: Sequence[Tap],
    by: User,
    *,
    as_coordinator: bool,
) -> None:
    """A correction is the youth workers' for thirty days, then the coordinator's alone."""
    settled = is_settled(meeting.date, clock.now())
    if as_coordinator and not settled:
        raise RuleBroken(_("The youth workers still change this sheet themselves."), "not_settled")
    changes = (
        rows[tap.trajectory_id].is_recorded
        and rows[tap.trajectory_id].state != tap.state
        and not _is_applied(rows[tap.trajectory_id], tap, by)
        for tap in taps
    )
    if settled and not as_coordinator and any(changes):
        raise RuleBroken(
            _("This was more than 30 days ago. Only the regional coordinator can still change it."),
            "sheet_settled",
        )


def is_resent(rows: dict[UUID, OnSheet], act: UUID) -> bool:
    """Were taps of this act saved before?"""
    return any(tap["act"] == str(act) for row in rows.values() for tap in row.before)


def _is_applied(row: OnSheet, tap: Tap, by: User) -> bool:
    """Was this very tap of `by` saved before? Raises RuleBroken when its id was used for another,
    or by another."""
    earlier = next((t for t in row.before if t["client_id"] == str(tap.client_id)), None)
    if earlier is None:
        return False
    same = (earlier["attendance_id"], earlier["to_state"], earlier["by_id"])
    if same != (str(row.attendance_id), tap.state, str(by.pk)):
        raise used_elsewhere()
    return True


def _conflict(row: OnSheet) -> Conflict:
    return Conflict(row.trajectory_id, row.state, row.version, row.by_name, row.recorded_at)


@told_once()
def save(
    meeting: Meeting,
    rows: dict[UUID, OnSheet],
    people: dict[UUID, Trajectory],
    taps: Sequence[Tap],
    by: User,
    act: UUID | None,
) -> Sheet:
    """Sort the taps into saved before, stale and wanted, and apply the last. All is locked."""
    sheet = Sheet(rows=rows)
    wanted: list[tuple[OnSheet, Tap]] = []
    for tap in taps:
        row = rows[tap.trajectory_id]
        if not _is_applied(row, tap, by):
            if row.version != tap.version and row.state != tap.state:
                sheet.conflicts.append(_conflict(row))
                continue
            if row.state != tap.state:
                wanted.append((row, tap))
        sheet.saved.append(tap.trajectory_id)
    if wanted:
        _apply(meeting, rows, wanted, by, act)
        sheet.changed = [row.trajectory_id for row, _tap in wanted]
        leaving = [key for key in sheet.changed if people[key].phase == Trajectory.Phase.LEAVING]
        if leaving:
            follow_last_meeting(leaving, by=by)
            moved = Trajectory.objects.filter(pk__in=leaving).values_list("pk", "last_meeting_on")
            for key, day in moved:
                rows[key].last_meeting_on = day
        changed(sheet.changed, StayFact.ATTENDANCE)
    sheet.status = meeting.status
    return sheet


def _apply(
    meeting: Meeting,
    rows: dict[UUID, OnSheet],
    wanted: list[tuple[OnSheet, Tap]],
    by: User,
    act: UUID | None,
) -> None:
    """Write rows and taps, settle the meeting's status, and let `rows` say what now stands."""
    now = clock.now()
    new: list[Attendance] = []
    known: dict[str, list[UUID]] = defaultdict(list)
    applied = []
    for row, tap in wanted:
        before = row.state
        row.state, row.by_name, row.at_the_door = tap.state, by.first_name, False
        row.version += 1
        row.recorded_at = now if row.is_recorded else None
        if row.attendance_id is None:
            new.append(_new(meeting, row, by))
            row.attendance_id = new[-1].pk
        else:
            known[tap.state].append(row.attendance_id)
        applied.append(
            AttendanceTap(
                client_id=tap.client_id,
                attendance_id=row.attendance_id,
                from_state=before,
                to_state=tap.state,
                by=by,
                at=now,
                version=row.version,
                act=act or tap.client_id,
                correction=is_correction(meeting, before, tap.state, now),
            )
        )
    if new:
        Attendance.objects.bulk_create(new)
    for state, ids in known.items():
        Attendance.objects.filter(pk__in=ids).update(
            state=state,
            recorded_by=by,
            version=F("version") + 1,
            recorded_at=now if state != State.NOT_RECORDED else None,
        )
    AttendanceTap.objects.bulk_create(applied)
    held = any(row.is_recorded for row in rows.values())
    status = Meeting.Status.HELD if held else Meeting.Status.PLANNED
    if meeting.status != status:
        meeting.status = status
        meeting.save(update_fields=["status"])


def _new(meeting: Meeting, row: OnSheet, by: User) -> Attendance:
    return Attendance(
        meeting=meeting,
        trajectory_id=row.trajectory_id,
        state=row.state,
        version=row.version,
        recorded_at=row.recorded_at,
        recorded_by=by,
    )
