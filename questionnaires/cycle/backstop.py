"""The backstop of the cycle: which stays may stand otherwise than their facts say, and all of them.

Facts decide, calls only hurry (R-355): whatever call of the port was lost, the sweep finds it.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from core import clock
from groups.models import AttendanceTap
from participants.models import Hold, Trajectory
from questionnaires.cycle import cycle, waves
from questionnaires.models import CycleState, Invitation

#: How far back the night looks for taps and ends of holds that nobody told about.
LOOK_BACK = timedelta(days=7)


def rebuild(trajectory_ids: Collection[UUID] | None = None) -> int:
    """Bring every stay (or these) in line with its facts; the number of stays. Idempotent."""
    if trajectory_ids is None:
        trajectory_ids = list(Trajectory.objects.order_by("pk").values_list("pk", flat=True))
    return sum(
        cycle._bring_up_to_date(ids, clock.today()) for ids in cycle._batches(trajectory_ids)
    )


def due_ids(day: date) -> set[UUID]:
    """Stays for which time alone changes something, by the partial index on `next_due_on`."""
    return set(CycleState.objects.filter(next_due_on__lte=day).values_list("pk", flat=True))


def tapped_since(moment: datetime) -> set[UUID]:
    """Stays of which attendance was written down since: a port may have forgotten them."""
    taps = AttendanceTap.objects.filter(at__gte=moment).order_by()
    return set(taps.values_list("attendance__trajectory_id", flat=True).distinct())


def looked_back_at(day: date) -> set[UUID]:
    """Whatever a port can have forgotten earlier: once a night.

    Attendance and holds of the last week, a baseline whose first meeting is not known or lies
    ahead, and a complete yes without a cycle.
    """
    ids = tapped_since(clock.at(day - LOOK_BACK))
    ids.update(
        Hold.objects.filter(
            days__endswith__gt=day - LOOK_BACK, days__endswith__lte=day
        ).values_list("trajectory_id", flat=True)
    )
    ids.update(
        Invitation.objects.open()
        .filter(Q(due_on__isnull=True) | Q(due_on__gte=day), wave=waves.BASELINE)
        .filter(trajectory__definitive_on__isnull=False)
        .values_list("trajectory_id", flat=True)
    )
    ids.update(
        Trajectory.objects.filter(suitable=True, consent_complete_on__isnull=False)
        .filter(~Exists(CycleState.objects.filter(pk=OuterRef("pk"))))
        .values_list("pk", flat=True)
    )
    return ids
