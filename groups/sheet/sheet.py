"""Tonight's sheet as it is read: call names and states; reasons and notes stay behind a tap."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce

from core import clock
from core.accounts.models import User, first_name_of
from core.names import in_order
from core.ready_made import ReadyMade
from groups.evenings.over import is_closed
from groups.models import AbsenceNotice, AttendanceTap, Meeting, SheetAct
from groups.models.moments import has_opened
from groups.seats.glance import note as note_on
from groups.sheet.attendance import Conflict, Sheet, State, own_taps
from groups.sheet.beside import own_acts
from groups.sheet.evening import Corrected, Evening, Row, Saved
from groups.sheet.not_arrived import Call, calls_of
from groups.sheet.rows import OnSheet, beside, rows_of
from groups.sheet.whereabouts import away


def read_evening(
    meeting: Meeting,
    user: User,
    *,
    writable: bool,
    may_correct: bool = False,
    asks_first: bool = False,
    conflicts: Sequence[Conflict] = (),
) -> Evening:
    """The sheet of `meeting` for this worker, with the conflicts of the act just tried.

    `may_correct`: the coordinator, once the youth workers no longer do.
    """
    saved, can_undo = _last_saved(meeting, user)
    rows = rows_of(meeting, user)
    found = _evening(meeting, rows, user, saved, conflicts, can_undo=can_undo, writable=writable)
    return replace(found, may_correct=may_correct and found.is_settled, asks_first=asks_first)


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
    now = clock.now()
    past = is_closed(meeting.date, now)
    corrected = _corrected(meeting) if past else {}
    around = beside(meeting)
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
                corrected.get(row.trajectory_id),
                past=past,
                opened=has_opened(meeting, now),
                call=None if row.is_recorded else calls.get(row.trajectory_id),
            )
            for row in sorted(shown, key=lambda row: (in_order(row.name), row.trajectory_id))
        ],
        saved=saved,
        can_undo=writable and can_undo and not past,
        writable=writable,
        visitors=tuple(one for one in around.visitors if one.stay not in found),
        away=None if past else away(around.stops, now),
        closed_by_name=around.closed_by,
    )


def _corrected(meeting: Meeting) -> dict[UUID, Corrected]:
    """Who was corrected after the day of this evening: by stay, the last time."""
    taps = AttendanceTap.objects.filter(
        attendance__meeting=meeting, correction=True, undone=False
    ).order_by("at")
    rows = taps.values_list("attendance__trajectory_id", "at", "by__name")
    return {stay: Corrected(clock.local(at), first_name_of(name)) for stay, at, name in rows}


def _row(
    row: OnSheet,
    day: date,
    conflict: Conflict | None,
    corrected: Corrected | None,
    *,
    past: bool,
    opened: bool,
    call: Call | None,
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
        to_write_about=opened and row.placed_here,
        by_name=row.by_name,
        saved_at=row.recorded_at,
        left_at=clock.local(row.left_at) if row.left_at and row.state == State.PRESENT else None,
        corrected=corrected,
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
    """The last two taps and acts; `can_undo`: this worker has one of either to take back."""
    mine = Q(Exists(own_taps(meeting, user, since))) | Q(Exists(own_acts(meeting, user, since)))
    can_undo = ExpressionWrapper(mine, BooleanField())
    taps = AttendanceTap.objects.filter(attendance__meeting=meeting).values_list(
        "at", "act", "attendance__trajectory__shown_name", "by__name", can_undo
    )
    acts = SheetAct.objects.filter(meeting=meeting).exclude(kind="undo")
    name = Coalesce(
        "visitor__trajectory__shown_name",
        "visitor__call_name",
        "attendance__trajectory__shown_name",
        Value(""),
        output_field=TextField(),
    )
    others = acts.values_list("at", "client_id", name, "by__name", can_undo)
    found: QuerySet[Any, Any] = taps.union(others, all=True).order_by("-at", "-act")
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
