"""What "send nothing more" means for a stay: nothing opens, and no follow-up comes (design 4.4)."""

from datetime import date
from uuid import UUID

from django.db import transaction

from core import ports
from participants.models import Hold, Trajectory
from participants.stay import follow_up, holds
from participants.stay.lock import lock, may_waive_follow_up

Phase = Trajectory.Phase
ON_THE_WAY_OUT = (Phase.LEAVING, Phase.FORMER)


@transaction.atomic
def contact_stopped(contact_id: UUID, day: date) -> None:
    """Answers the port: this person's stays are on hold from `day`; those leaving are waived."""
    for trajectory in _stays_of(contact_id):
        if trajectory.phase in ON_THE_WAY_OUT and may_waive_follow_up(trajectory, day):
            follow_up.waive(trajectory, Trajectory.Waived.CONTACT_REFUSED)
            ports.trajectory_changed([trajectory.pk], "contact_refused")
        holds.begin_hold(trajectory=trajectory, kind=Hold.Kind.HELD, day=day)


@transaction.atomic
def contact_resumed(contact_id: UUID, day: date) -> None:
    """Messages are welcome again from `day`; a follow-up that was waived stays waived."""
    for trajectory in _stays_of(contact_id):
        holds.end_hold(trajectory=trajectory, kind=Hold.Kind.HELD, day=day)


def _stays_of(contact_id: UUID) -> list[Trajectory]:
    stays = (
        Trajectory.objects.filter(participant__contact=contact_id)
        .exclude(phase__in=Phase.ENDED_EARLY)
        .order_by("pk")
    )
    return [lock(trajectory) for trajectory in stays]


def is_left_alone(trajectory: Trajectory) -> bool:
    """Contact was refused at leaving, or no message may be sent to this person at all."""
    return (
        trajectory.follow_up_waived == Trajectory.Waived.CONTACT_REFUSED
        or trajectory.participant.contact.stopped_at is not None
    )
