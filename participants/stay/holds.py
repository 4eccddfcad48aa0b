"""Days on which nothing opens, is sent or becomes missed (design.md 4.9).

A hold is half-open, [begin, end): the day of settlement is free. At most one of a kind is open.
Locks the trajectory; tells upstairs (StayFact.HOLD) when something changed.
"""

from datetime import date

from django.db import transaction

from participants.models import Hold, Trajectory
from participants.stay.changes import StayFact, changed
from participants.stay.lock import lock


@transaction.atomic
def begin_hold(*, trajectory: Trajectory, kind: str, day: date) -> Hold:
    """From `day` on this stay waits; an open hold of the kind is left as it is.

    A hold of the kind that ended on `day` runs on, so one wait is one row.
    """
    lock(trajectory)
    of_kind = Hold.objects.filter(trajectory=trajectory, kind=kind)
    open_one = of_kind.filter(days__endswith__isnull=True).first()
    if open_one is not None:
        return open_one
    hold = of_kind.filter(days__endswith__gte=day).order_by("days").last()
    if hold is None:
        hold = Hold(trajectory=trajectory, kind=kind)
    begins = day if hold.days is None else min(day, hold.days.lower)
    hold.days = (begins, None)
    hold.save()
    hold.refresh_from_db()
    changed([trajectory.pk], StayFact.HOLD)
    return hold


@transaction.atomic
def end_hold(*, trajectory: Trajectory, kind: str, day: date) -> Hold | None:
    """Settled on `day`, which is free itself. A hold of no days at all leaves no row."""
    lock(trajectory)
    hold = Hold.objects.filter(
        trajectory=trajectory, kind=kind, days__endswith__isnull=True
    ).first()
    if hold is None:
        return None
    if hold.days.lower >= day:
        hold.delete()
        hold = None
    else:
        hold.days = (hold.days.lower, day)
        hold.save()
        hold.refresh_from_db()
    changed([trajectory.pk], StayFact.HOLD)
    return hold


def is_on_hold(trajectory: Trajectory, day: date) -> bool:
    return Hold.objects.filter(trajectory=trajectory, days__contains=day).exists()
