"""*Undo* takes back exactly this worker's own last act on the sheet, whatever it was; again goes
one further back (R-378). What somebody else changed since keeps their value, and is said.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User, first_name_of
from core.errors import RuleBroken
from groups.evenings.over import is_closed
from groups.models import Attendance, AttendanceTap, Meeting, SheetAct
from groups.sheet.attendance import Sheet, Tap, lock_everybody, lock_sheet, own_taps, save
from groups.sheet.beside import is_done, own_acts, take_back
from groups.sheet.rows import rows_to_change
from participants.models import Trajectory


@transaction.atomic
def undo(*, meeting: Meeting, client_id: UUID, by: User) -> Sheet:
    """Take back this worker's last act of this evening that was not taken back yet.

    Of a tap: each row goes back to what this worker found, also where an undo put it back as that
    act had left it; who had written that down stands beside it again. Until the sheet's day ends;
    later a change is a correction. Raises RuleBroken: undo_over, client_id_used.
    """
    if is_closed(meeting.date, clock.now()):
        raise RuleBroken(_("This evening is over: change the row itself."), "undo_over")
    people = lock_everybody(meeting)
    evening = lock_sheet(meeting)
    if is_done(client_id, evening, by):
        return Sheet(status=evening.status)
    taps, act = _last(evening, by)
    if act is not None:
        take_back(act, client_id=client_id, by=by)
        return Sheet(status=evening.status)
    if not taps:
        return Sheet(status=evening.status)
    sheet = _back(evening, people, taps, client_id, by)
    SheetAct.objects.create(
        client_id=client_id,
        meeting=evening,
        kind=SheetAct.Kind.UNDO,
        change=0,
        by=by,
        at=clock.now(),
        undone=True,
    )
    return sheet


def _back(
    meeting: Meeting,
    people: dict[UUID, Trajectory],
    last: Sequence[Any],
    client_id: UUID,
    by: User,
) -> Sheet:
    """The taps of one act, each on its row. All is locked."""
    rows = rows_to_change(meeting, by, (), act=client_id)
    taps = [
        Tap(
            uuid.uuid5(client_id, str(tap.attendance.trajectory_id)),
            tap.attendance.trajectory_id,
            tap.from_state,
            _left_by(tap),
        )
        for tap in last
    ]
    sheet = save(meeting, rows, people, taps, by, client_id)
    _credit(last, sheet)
    back = Q(act=client_id, by=by, attendance__meeting=meeting.pk)
    settled = Q(pk__in=[tap.pk for tap in last]) | back
    AttendanceTap.objects.filter(settled).update(undone=True)
    return sheet


def _credit(last: Sequence[Any], sheet: Sheet) -> None:
    """What stands again was written down by who wrote it, then; not by who took something back."""
    whose: dict[tuple[UUID | None, datetime | None], list[UUID]] = defaultdict(list)
    for tap in last:
        row = sheet.rows[tap.attendance.trajectory_id]
        if row.trajectory_id in sheet.changed and tap.found_by:
            row.by_name = first_name_of(tap.found_by_name or "")
            row.recorded_at = tap.found_at if row.is_recorded else None
            whose[tap.found_by, row.recorded_at].append(tap.attendance_id)
    for (who, at), ids in whose.items():
        Attendance.objects.filter(pk__in=ids).update(recorded_by=who, recorded_at=at)


def _last(meeting: Meeting, by: User) -> tuple[list[Any], SheetAct | None]:
    """The taps of this worker's last act, or the act itself when it is no tap."""
    since = clock.at(meeting.date)
    mine = own_taps(meeting.pk, by.pk, since)
    others = own_acts(meeting.pk, by.pk, since)
    taps: QuerySet[Any, Any] = mine.values_list("at", "act", Value(True, BooleanField()))
    acts: QuerySet[Any, Any] = others.values_list("at", "client_id", Value(False, BooleanField()))
    newest: Any = taps.union(acts, all=True).order_by("-at", "-act").first()
    if newest is None:
        return [], None
    _at, act, is_tap = newest
    if is_tap:
        return list(_with_what_stood(mine.filter(act=act))), None
    return [], others.select_related("visitor", "attendance").get(pk=act)


def _with_what_stood(taps: QuerySet[AttendanceTap]) -> QuerySet[Any]:
    """`stands`: nothing came after it on its row that was not taken back. `found_by`, `found_at`:
    who had written down what it found."""
    of_row = AttendanceTap.objects.filter(attendance=OuterRef("attendance"))
    later = of_row.filter(version__gt=OuterRef("version"), undone=False)
    before = of_row.filter(version__lt=OuterRef("version"), to_state=OuterRef("from_state"))
    found = before.order_by("undone", "-version")
    return taps.select_related("attendance").annotate(
        stands=~Exists(later),
        found_by=Subquery(found.values("by")[:1]),
        found_by_name=Subquery(found.values("by__name")[:1]),
        found_at=Subquery(found.values("at")[:1]),
    )


def _left_by(tap: Any) -> int:
    """The version at which its row stands as this tap left it; its own when it no longer does.

    It does when what stands there is this worker's own, whatever came and went in between.
    """
    row = tap.attendance
    own = tap.stands or row.recorded_by_id == tap.by_id
    found: int = row.version if own and row.state == tap.to_state else tap.version
    return found
