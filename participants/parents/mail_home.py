"""Whether a mail home can do harm: the worker's word, or the exception with the coordinator."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from participants.models import Guardian, Trajectory, UnsafeHome


@dataclass(frozen=True)
class Home:
    """What is known of the home of one stay. `can_harm`: the worker's word, None when not asked."""

    can_harm: bool | None
    exception: bool

    @property
    def is_unsafe(self) -> bool:
        """Each is enough alone."""
        return self.can_harm is True or self.exception


def homes_of(stays: Collection[UUID]) -> dict[UUID, Home]:
    """One query, for one stay or for many."""
    exception = UnsafeHome.objects.filter(trajectory=OuterRef("pk"), ended_at__isnull=True)
    rows = Trajectory.objects.filter(pk__in=stays).order_by()
    found = rows.values_list("pk", "intake__mail_can_harm", Exists(exception))
    return {pk: Home(can_harm, stands) for pk, can_harm, stands in found}


def why_not_write(guardian: Guardian, trajectory: Trajectory, home: Home) -> str:
    """Why this parent gets no mail about this stay, as a code; empty when it may leave."""
    if guardian.participant_id != trajectory.participant_id:
        return "other_child"
    if trajectory.phase in Trajectory.Phase.OVER:
        return "stay_over"
    if home.is_unsafe:
        return "can_harm"
    return "harm_not_asked" if home.can_harm is None else ""
