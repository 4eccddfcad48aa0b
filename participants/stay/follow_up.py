"""The follow-up that will not come, and why (design.md 4.4)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from core import ports
from participants.models import Trajectory


def waive(trajectory: Trajectory, why: Trajectory.Waived) -> None:
    """Keep why no follow-up comes; a reason that stood already stays, unless the data are erased.

    The caller holds the stay's lock and tells the port.
    """
    if trajectory.follow_up_waived and why != Trajectory.Waived.ERASED:
        return
    trajectory.follow_up_waived = why
    trajectory.save(update_fields=["follow_up_waived"])


def stands_or_lies_ahead(stays: Collection[Trajectory]) -> set[UUID]:
    """Of these stays, those whose follow-up is not waived, and was neither answered nor missed.

    However long ago the exit was: a wait may open it later (R-352). Asked upstairs in one go, and
    not at all while none of them is over.
    """
    ahead = {stay.pk: stay.exited_on for stay in stays if not stay.follow_up_waived}
    exited = [pk for pk, exited_on in ahead.items() if exited_on is not None]
    if not exited:
        return set(ahead)
    return set(ahead).difference(*ports.follow_up_settled(exited))


def newer_stay() -> Exists:
    """Of rows of Trajectory: somebody came back, a newer stay of theirs began after this one."""
    newer = Trajectory.objects.filter(
        participant=OuterRef("participant"),
        signed_up_at__gt=OuterRef("signed_up_at"),
        signed_up_at__date__gte=OuterRef("ended_on"),
    )
    return Exists(newer)
