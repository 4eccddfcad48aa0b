"""What a move that was asked came to, and who hears of it: no answer falls between two stools.

The workers of the old group hear what somebody else decided (the young person on the own page, the
coordinator, two weeks of silence) and tell the young person; those of the new group hear when
somebody they prepared for does not come after all (R-377).
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.accounts.models import User
from core.messaging import outbox
from groups.models import GroupMove
from groups.seats.moving import KIND
from groups.seats.placement import ENDS
from participants.models import Trajectory
from participants.stay.changes import StayFact

#: Whoever says goodbye or has left goes to no other group any more.
NO_LONGER_MOVES = (Trajectory.Phase.LEAVING, *Trajectory.Phase.OVER)
#: With the beginning of a goodbye, and with every end of a stay, comes one of these.
GOES = ENDS | {StayFact.LAST_MEETING}


def end_with_stay(facts: Mapping[UUID, Collection[str]]) -> None:
    """Answers the port trajectory_changed: nobody is asked about who says goodbye or left."""
    if ids := [stay for stay, of_stay in facts.items() if not GOES.isdisjoint(of_stay)]:
        end_moves(_without_use().filter(trajectory__in=ids))


def end_left_behind() -> None:
    """The backstop of the port, for the sweep."""
    end_moves(_without_use())


@transaction.atomic
def end_moves(moves: QuerySet[GroupMove]) -> None:
    for move in moves.order_by("trajectory"):
        outbox.withdraw(kind=KIND, subject_id=move.pk, reason="leaving")
        GroupMove.objects.open().filter(pk=move.pk).update(
            ended_at=clock.now(), ended_why=GroupMove.Ended.LEAVING
        )


@transaction.atomic
def say_seen(*, asked: GroupMove, by: User) -> None:
    """A worker knows what it came to. Twice changes nothing."""
    unseen = GroupMove.objects.filter(pk=asked.pk, outcome_seen_at__isnull=True)
    unseen.update(outcome_seen_at=clock.now(), outcome_seen_by=by)


def _without_use() -> QuerySet[GroupMove]:
    return GroupMove.objects.open().filter(trajectory__phase__in=NO_LONGER_MOVES)
