"""Waiting: days on which nothing opens, is sent or becomes missed (design.md 4.9).

The days are half-open, [begin, end): the day of settlement is free. The moments say which evenings
a missing yes covered (R-353, C-43). At most one hold of a kind runs. Locks the trajectory; tells
upstairs (StayFact.HOLD) when something changed.
"""

from datetime import date, datetime

from django.db import transaction

from core import clock
from participants.models import Hold, Trajectory
from participants.stay.changes import StayFact, changed
from participants.stay.lock import lock


@transaction.atomic
def begin_hold(*, trajectory: Trajectory, kind: str, at: datetime) -> Hold:
    """From `at` on this stay waits; a running hold of the kind is left as it is.

    A hold of the kind that ended on this day runs on, so one wait is one row. For a missing yes
    only without a moment between: an evening that began then was not without one.
    """
    lock(trajectory)
    of_kind = Hold.objects.filter(trajectory=trajectory, kind=kind)
    running = of_kind.running().first()
    if running is not None:
        return running
    day = clock.day_of(at)
    hold = next((ended for ended in of_kind if _runs_on(ended, at)), None)
    if hold is None:
        hold = Hold(trajectory=trajectory, kind=kind, from_at=at)
        begins = day
    else:
        hold.from_at = min(hold.began_at, at)
        begins = clock.day_of(hold.from_at)
    hold.days, hold.until_at = (begins, None), None
    hold.save()
    hold.refresh_from_db()
    changed([trajectory.pk], StayFact.HOLD)
    return hold


def _runs_on(ended: Hold, at: datetime) -> bool:
    until = ended.ended_at
    if until is None or ended.kind == Hold.Kind.BLOCKED:
        return until is not None and until >= at
    return clock.day_of(until) >= clock.day_of(at)


@transaction.atomic
def end_hold(*, trajectory: Trajectory, kind: str, at: datetime) -> Hold | None:
    """Settled at `at`, whose day is free itself. A hold of no days at all leaves no row, except
    where a yes was missing for some hours: an evening may have begun in them.
    """
    lock(trajectory)
    hold = Hold.objects.filter(trajectory=trajectory, kind=kind).running().first()
    if hold is None:
        return None
    began, day = hold.days.lower, clock.day_of(at)
    if at <= hold.began_at or (began >= day and kind != Hold.Kind.BLOCKED):
        hold.delete()
        hold = None
    else:
        hold.days, hold.until_at = (began, day), at
        hold.save()
        hold.refresh_from_db()
    changed([trajectory.pk], StayFact.HOLD)
    return hold


def is_on_hold(trajectory: Trajectory, day: date) -> bool:
    return Hold.objects.filter(trajectory=trajectory, days__contains=day).exists()
