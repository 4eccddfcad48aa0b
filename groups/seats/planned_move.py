"""A move that was agreed for a later day: until then the stay is of the old group (R-377)."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_all
from groups.models import GroupMove, Placement
from groups.seats.placement import count_places, lock_groups, lowest_free_seat
from participants.journey.group_change import write_group
from participants.models import Trajectory
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock


def moves_to_begin() -> list[UUID]:
    """Stays that have their place in another group from today, or an earlier day, on."""
    rows = (
        Placement.objects.open()
        .filter(first_day__lte=clock.today())
        .exclude(group=F("trajectory__group"))
    )
    return list(rows.order_by("trajectory").values_list("trajectory", flat=True))


@transaction.atomic
@told_once()
def begin_move(trajectory_id: UUID) -> None:
    """The day has come: the stay is of the new group. Twice changes nothing."""
    stay = lock(Trajectory.objects.get(pk=trajectory_id))
    seat = (
        Placement.objects.open().filter(trajectory=stay).select_related("group__location").first()
    )
    if seat is None or seat.group_id == stay.group_id or seat.first_day > clock.today():
        return
    write_group(trajectory=stay, group=seat.group, by=seat.placed_by, waiting_since=None)
    changed([stay.pk], StayFact.MOVED)


def planned_move(stay: Trajectory) -> Placement | None:
    """The place in another group that begins on a later day."""
    seat = Placement.objects.open().filter(trajectory=stay, first_day__gt=clock.today())
    return seat.exclude(group=stay.group_id).select_related("group").first()


@transaction.atomic
@told_once()
def call_off_move(*, trajectory: Trajectory, by: User) -> Placement:
    """They stay in the old group after all: its place goes on without a gap.

    Raises RuleBroken: no_planned_move, group_full.
    """
    stay = lock(trajectory)
    seat = planned_move(stay)
    if seat is None:
        raise RuleBroken(_("There is no move that is still to come."), "no_planned_move")
    groups = lock_groups({seat.group_id} | ({stay.group_id} if stay.group_id else set()))
    rows = {row.pk: row for row in lock_all(Placement.objects.filter(trajectory=stay))}
    old = max((row for row in rows.values() if row.pk != seat.pk), key=lambda row: row.first_day)
    taken = Placement.objects.open().filter(group=old.group_id).values_list("seat", flat=True)
    free = lowest_free_seat(taken, groups[old.group_id].capacity)
    if free is None:
        raise RuleBroken(_("The place in the old group has been given away."), "group_full")
    seat = rows[seat.pk]
    seat.last_day = seat.first_day - timedelta(days=1)
    seat.save(update_fields=["last_day"])
    old.last_day = None
    old.seat = free if old.seat in set(taken) else old.seat
    old.save(update_fields=["last_day", "seat"])
    for group in groups.values():
        count_places(group)
    GroupMove.objects.filter(
        trajectory=stay,
        to_group=seat.group_id,
        ended_why=GroupMove.Ended.DONE,
        first_day=seat.first_day,
    ).update(ended_why=GroupMove.Ended.TAKEN_BACK, ended_at=clock.now(), outcome_seen_at=None)
    changed([stay.pk], StayFact.MOVED)
    return old
