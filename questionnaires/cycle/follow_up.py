"""What the floor below has to know of the follow-up before it is waived (R-352)."""

from collections.abc import Collection
from uuid import UUID

from questionnaires.models import Invitation, Wave

SETTLED = (Invitation.State.ANSWERED, Invitation.State.MISSED)


def settled(trajectory_ids: Collection[UUID]) -> set[UUID]:
    """Of these stays, those whose follow-up was answered or missed: nothing of it can come any
    more. Answers `follow_up_settled`, in one statement."""
    found = Invitation.objects.filter(
        trajectory__in=trajectory_ids, wave=Wave.FOLLOW_UP, state__in=SETTLED
    )
    return set(found.order_by().values_list("trajectory_id", flat=True))
