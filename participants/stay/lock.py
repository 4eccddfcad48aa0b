"""The first lock of every action: the stays, by id, before anything of the person or the group.

`core.locks` holds the verbs and the one order; these are the same verbs for stays.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from core import locks
from core.messaging.models import Contact
from core.ready_made import many
from participants.models import Participant, Trajectory


def lock(trajectory: Trajectory) -> Trajectory:
    """Lock the row and read it afresh into this very object. Needs a transaction."""
    return locks.lock_again(trajectory)


def lock_all(trajectory_ids: Collection[UUID]) -> list[Trajectory]:
    """Lock these stays by id; unknown ids are left out."""
    return locks.lock_all(Trajectory.objects.filter(pk__in=trajectory_ids))


def lock_phases(trajectory_ids: Collection[UUID]) -> list[Trajectory]:
    """As `lock_all`, of which only the phase is read."""
    return _PHASES(ids=list(trajectory_ids))


def _stays(*, ids: list[UUID]) -> QuerySet[Trajectory]:
    return Trajectory.objects.filter(pk__in=ids)


_PHASES = locks.ReadyLock(Trajectory, ("id", "phase"), _stays, ids=many)


def lock_stays_of(participant: Participant) -> list[Trajectory]:
    """Every stay of this person, those that are over as well, by id."""
    return locks.lock_all(Trajectory.objects.filter(participant=participant.pk))


def lock_person(participant: Participant, *, contact: bool = True) -> list[Trajectory]:
    """The stays by id, then the person, then how to reach them: for what concerns a whole person.

    Person and contact are read afresh into this very object; `contact=False` leaves that one to who
    locks another contact. Starts over when a stay began while we waited: whoever begins one locks
    the person.
    """

    def everything(_ids: Collection[UUID]) -> list[Trajectory]:
        stays = lock_stays_of(participant)
        locks.lock_again(participant)
        if contact:
            reach_by = Contact.objects.filter(pk=participant.contact_id)
            participant.contact = locks.lock_one(reach_by)
        return stays

    return locks.until_steady(
        lambda: Trajectory.objects.filter(participant=participant.pk), everything
    )
