"""Somebody stopped: each worker of the group hears it and says so; nothing else follows from it."""

from django.db import transaction

from core import clock
from core.accounts.models import User
from participants.models import PhaseChange, StopHeard, Trajectory


@transaction.atomic
def hear_stop(*, trajectory: Trajectory, by: User) -> StopHeard:
    """This worker has read it. Twice is once."""
    row, _created = StopHeard.objects.get_or_create(
        trajectory=trajectory, by=by, defaults={"at": clock.now()}
    )
    return row


def own_words(trajectory: Trajectory) -> PhaseChange | None:
    """The move the young person made, with what was said about it."""
    out = Trajectory.Phase.STOPPING
    changes = PhaseChange.objects.filter(trajectory=trajectory, to_phase__in=out)
    return changes.filter(by=trajectory.participant.user_id).order_by("-at").first()
