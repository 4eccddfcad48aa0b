"""What "send nothing more" means for a stay: nothing opens, and no follow-up comes (design 4.4)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core import clock, locks
from core.accounts.models import User
from core.messaging import contacts
from participants.models import Hold, Participant, Trajectory
from participants.stay import follow_up, holds
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock_person

Phase = Trajectory.Phase
ON_THE_WAY_OUT = (Phase.LEAVING, Phase.FORMER)


@transaction.atomic
def send_nothing_more(*, participant: Participant, by: User, reason: str) -> None:
    """From now on no message leaves for this person: holds begin, follow-up is waived.

    Choosing it twice changes nothing. Locks the stays, then person and contact.
    """
    lock_person(participant)
    if contacts.stop_writing_to(contact=participant.contact, reason=reason):
        contact_stopped(participant.contact_id, clock.today())
        participant.contact.refresh_from_db()


@transaction.atomic
@told_once()
def contact_stopped(contact_id: UUID, day: date) -> None:
    """This person's stays are on hold from `day`; those leaving are waived. Also swept."""
    stays = _stays_of(contact_id)
    leaving = [stay for stay in stays if stay.phase in ON_THE_WAY_OUT]
    to_waive = follow_up.stands_or_lies_ahead(leaving)
    for trajectory in stays:
        if trajectory.pk in to_waive:
            follow_up.waive(trajectory, Trajectory.Waived.CONTACT_REFUSED)
            changed([trajectory.pk], StayFact.CONTACT_REFUSED)
        holds.begin_hold(trajectory=trajectory, kind=Hold.Kind.HELD, at=_moment_of(day))


@transaction.atomic
@told_once()
def contact_resumed(contact_id: UUID, day: date) -> None:
    """Messages are welcome again from `day`; a follow-up that was waived stays waived."""
    for trajectory in _stays_of(contact_id):
        holds.end_hold(trajectory=trajectory, kind=Hold.Kind.HELD, at=_moment_of(day))


def _moment_of(day: date) -> datetime:
    """Now; on another day than today its midnight."""
    return clock.now() if day == clock.today() else clock.at(day)


def _stays_of(contact_id: UUID) -> list[Trajectory]:
    stays = Trajectory.objects.filter(participant__contact=contact_id)
    return locks.lock_all(stays.exclude(phase__in=Phase.ENDED_EARLY))


def is_left_alone(trajectory: Trajectory) -> bool:
    """Contact was refused at leaving, or no message may be sent to this person at all."""
    return (
        trajectory.follow_up_waived == Trajectory.Waived.CONTACT_REFUSED
        or trajectory.participant.contact.stopped_at is not None
    )
