"""Another group: whose stay it is from now on, under whose policy, and who hands over the mail.

The region, what parents are asked and the workers of what still waits follow the group at once.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q

from core.accounts.models import User
from core.messaging import outbox
from core.messaging.models import Contact
from core.organisations.models import Group
from participants.models import Trajectory
from participants.parents import coming_of_age
from participants.stay.lock import lock


@transaction.atomic
def write_group(*, trajectory: Trajectory, group: Group, by: User, **facts: Any) -> Trajectory:
    """Write the group with the `facts` that belong to it in the same row. Locks the stay.

    Where the new organisation asks a yes that is not there, the stay is blocked; the seat is kept.
    """
    lock(trajectory)
    other = trajectory.group_id != group.pk
    facts |= {"group": group, "region": group.location.region}
    for field, value in facts.items():
        setattr(trajectory, field, value)
    trajectory.save(update_fields=list(facts))
    if other:
        person = trajectory.participant_id
        theirs = Q(participant=person) | Q(guardian__participant=person)
        outbox.hand_to(group=group, contacts=Contact.objects.filter(theirs).values("pk"))
        coming_of_age.follow_the_age(trajectory=trajectory, by=by)
    return trajectory
