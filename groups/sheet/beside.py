"""What is counted beside the rows of a sheet: guests without a name, visitors without a place, and
who went home early. Each act happens once, whatever is sent again, and can be taken back.

Nobody of these takes a seat or counts for a questionnaire (R-130, R-144). Locks: the meeting.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.sent_twice import done_before
from groups.evenings.meetings import on_sheet
from groups.evenings.over import is_closed, is_settled
from groups.models import Attendance, Meeting, SheetAct, Visitor
from groups.sheet.attendance import lock_sheet
from participants.models import Trajectory

Kind = SheetAct.Kind
#: More guests than this is a finger that slipped.
MOST_GUESTS = 99


@transaction.atomic
def count_guests(*, meeting: Meeting, change: int, client_id: UUID, by: User) -> int:
    """One guest more or one less; two phones that add at once both count. How many there are now.

    Fewer than none is none. Raises RuleBroken: meeting_cancelled, meeting_to_come, sheet_settled,
    too_many_guests, client_id_used.
    """
    row = _open(meeting)
    if is_done(client_id, row, by):
        return row.guests
    step = 1 if change > 0 else -1
    if row.guests + step > MOST_GUESTS:
        raise RuleBroken(
            _("You can count up to %(n)d guests.") % {"n": MOST_GUESTS}, "too_many_guests"
        )
    if row.guests + step >= 0:
        _guests(row, step)
        _write(row, Kind.GUESTS, step, client_id, by)
    return row.guests


@transaction.atomic
def add_visitor(
    *,
    meeting: Meeting,
    client_id: UUID,
    by: User,
    stay: Trajectory | None = None,
    call_name: str = "",
) -> Visitor:
    """Somebody who walks in stands on tonight's sheet, also when the group is full.

    Who stands there already is not added again. Raises RuleBroken: what `count_guests` raises, and
    on_sheet_already, no_name.
    """
    row = _open(meeting)
    name = call_name.strip()
    if stay is None and not name:
        raise RuleBroken(_("Type a name."), "no_name", "call_name")
    done = is_done(client_id, row, by)
    if done is not None and done.visitor is not None:
        return done.visitor
    if stay is not None:
        if on_sheet(row).filter(trajectory=stay).exists():
            raise RuleBroken(
                _("%(name)s is on the list already.") % {"name": stay.shown_name},
                "on_sheet_already",
            )
        here = Visitor.objects.here().filter(meeting=row, trajectory=stay).first()
        if here is not None:
            return here
    visitor = Visitor.objects.create(
        meeting=row,
        trajectory=stay,
        call_name="" if stay else name,
        added_at=clock.now(),
        added_by=by,
    )
    _write(row, Kind.VISITOR, 1, client_id, by, visitor=visitor)
    return visitor


@transaction.atomic
def take_off(*, visitor: Visitor, client_id: UUID, by: User) -> None:
    """A visitor who is not there after all. Twice changes nothing. Raises as `count_guests`."""
    row = _open(visitor.meeting)
    if is_done(client_id, row, by) is None and _visits(visitor, here=False):
        _write(row, Kind.VISITOR, -1, client_id, by, visitor=visitor)


@transaction.atomic
def go_early(*, meeting: Meeting, stay_id: UUID, left: bool, client_id: UUID, by: User) -> None:
    """Somebody who was there goes home early, or not after all: they stay *here* (R-144).

    Raises RuleBroken: as `count_guests`, and not_here, day_is_over.
    """
    row = _open(meeting)
    if is_done(client_id, row, by) is not None:
        return
    if is_closed(row.date, clock.now()):
        raise RuleBroken(_("That was possible until four in the night."), "day_is_over")
    of_one = Attendance.objects.filter(meeting=row, trajectory=stay_id)
    there = of_one.filter(state=Attendance.State.PRESENT).first()
    if there is None:
        raise RuleBroken(_("First write down that they are here."), "not_here")
    if (there.left_at is not None) == left:
        return
    before, there.left_at = there.left_at, clock.now() if left else None
    there.save(update_fields=["left_at"])
    _write(row, Kind.LEFT, 1 if left else -1, client_id, by, attendance=there, left_before=before)


def own_acts(meeting: UUID, by: UUID, since: datetime) -> QuerySet[SheetAct]:
    """As `own_taps`: what this worker did beside the rows and did not take back yet."""
    return SheetAct.objects.filter(meeting=meeting, by=by, undone=False, at__gte=since)


def is_done(client_id: UUID, meeting: Meeting, by: User) -> SheetAct | None:
    """The act with this id, when it is done already. Raises RuleBroken when it was another's."""
    done = SheetAct.objects.select_related("visitor").filter(pk=client_id).first()
    return done_before(done, meeting_id=meeting.pk, by_id=by.pk)


def take_back(act: SheetAct, *, client_id: UUID, by: User) -> None:
    """Undo one act; its evening is locked. What a colleague undid meanwhile stays as it is."""
    meeting = Meeting.objects.get(pk=act.meeting_id)
    if act.kind == Kind.GUESTS and meeting.guests >= act.change:
        _guests(meeting, -act.change)
    elif act.kind == Kind.VISITOR and act.visitor is not None:
        _visits(act.visitor, here=act.change < 0)
    elif act.kind == Kind.LEFT and act.attendance_id is not None and not _came_after(act):
        Attendance.objects.filter(pk=act.attendance_id).update(left_at=act.left_before)
    SheetAct.objects.filter(pk=act.pk).update(undone=True)
    _write(
        meeting,
        Kind(act.kind),
        -act.change,
        client_id,
        by,
        visitor=act.visitor,
        attendance=act.attendance,
        undone=True,
    )


def _came_after(act: SheetAct) -> bool:
    """Did somebody say since whether this person went home?"""
    later = SheetAct.objects.filter(attendance=act.attendance_id, at__gt=act.at, undone=False)
    return later.exists()


def _open(meeting: Meeting) -> Meeting:
    row = lock_sheet(meeting)
    if is_settled(row.date, clock.now()):
        raise RuleBroken(
            _("This was more than 30 days ago. Only the regional coordinator can still change it."),
            "sheet_settled",
        )
    return row


def _guests(meeting: Meeting, step: int) -> None:
    meeting.guests += step
    meeting.save(update_fields=["guests"])


def _visits(visitor: Visitor, *, here: bool) -> bool:
    """Put a visitor on the list or take them off; whether that changed anything."""
    rows = Visitor.objects.filter(pk=visitor.pk, taken_off_at__isnull=not here)
    again = Visitor.objects.here().filter(
        meeting=visitor.meeting_id, trajectory=visitor.trajectory_id, trajectory__isnull=False
    )
    if here and again.exists():
        return False
    return bool(rows.update(taken_off_at=None if here else clock.now()))


def _write(
    meeting: Meeting,
    kind: SheetAct.Kind,
    change: int,
    client_id: UUID,
    by: User,
    *,
    visitor: Visitor | None = None,
    attendance: Attendance | None = None,
    left_before: datetime | None = None,
    undone: bool = False,
) -> None:
    SheetAct.objects.create(
        client_id=client_id,
        meeting=meeting,
        kind=kind,
        change=change,
        visitor=visitor,
        attendance=attendance,
        left_before=left_before,
        by=by,
        at=clock.now(),
        undone=undone,
    )
