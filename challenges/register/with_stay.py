"""A challenge that goes on when a stay closes ends with it, and goes on when that was a slip.

Facts decide: `left_behind` and `set_right` are the backstop of the port, for the sweep.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest

from challenges.models import Challenge
from challenges.register.ending import go_on
from core import clock
from participants.models import Trajectory
from participants.stay.changes import StayFact
from participants.stay.lock import lock_all

Phase, State = Trajectory.Phase, Challenge.State
#: With every end of a stay, and with its undoing, comes one of these.
ENDS = frozenset({StayFact.EXIT, StayFact.PHASE, StayFact.ERASED})


def follow(facts: Mapping[UUID, Collection[str]]) -> None:
    """Answers the port trajectory_changed; the stays are locked."""
    if ended := [stay for stay, of_stay in facts.items() if not ENDS.isdisjoint(of_stay)]:
        _end(going_after_the_end().filter(trajectory__in=ended))
    if reopened := [stay for stay, of_stay in facts.items() if StayFact.REOPENED in of_stay]:
        for row in ended_before_reopening().filter(trajectory__in=reopened):
            go_on(row)


def going_after_the_end() -> QuerySet[Challenge]:
    """Of stays that are over."""
    return Challenge.objects.going().filter(trajectory__phase__in=Phase.OVER)


def ended_before_reopening() -> QuerySet[Challenge]:
    """Ended with a stay that runs (again)."""
    rows = Challenge.objects.filter(state=State.WITH_STAY)
    return rows.exclude(trajectory__phase__in=Phase.OVER)


def left_behind() -> set[UUID]:
    """Stays of which a challenge stands otherwise than their end says."""
    both = (going_after_the_end(), ended_before_reopening())
    return {stay for rows in both for stay in rows.values_list("trajectory_id", flat=True)}


@transaction.atomic
def set_right(stay: UUID) -> None:
    """The backstop of the port, for one stay. Locks it."""
    lock_all([stay])
    _end(going_after_the_end().filter(trajectory=stay))
    for row in ended_before_reopening().filter(trajectory=stay):
        go_on(row)


def _end(rows: QuerySet[Challenge]) -> None:
    """On the day the stay ended; nobody's word, so nobody ended it."""
    ended = Coalesce("trajectory__exited_on", "trajectory__ended_on", clock.today())
    for row in rows.annotate(stay_ended=Greatest(ended, F("chosen_on"))):
        row.state, row.ended_on, row.ended_by = State.WITH_STAY, row.stay_ended, None
        row.save(update_fields=["state", "ended_on", "ended_by"])
