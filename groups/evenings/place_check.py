"""Four questions about the place where a group meets (R-138): anybody who keeps the door answers.

Open to everyone, room for fifteen, several rooms, suits the age. What nobody looked at is not a no.
"""

from collections.abc import Mapping

from django.db import transaction

from core import clock
from core.accounts.models import User
from core.locks import lock_copy
from core.organisations.models import Location
from groups.models import LocationCheck

QUESTIONS = ("open_to_all", "holds_fifteen", "several_rooms", "fits_the_age")


def check_of(location: Location) -> LocationCheck | None:
    return LocationCheck.objects.filter(location=location).select_related("checked_by").first()


@transaction.atomic
def check_place(
    *, location: Location, answers: Mapping[str, bool | None], by: User
) -> LocationCheck:
    """Write the four answers; every group of this place shows them. Locks the location."""
    locked = lock_copy(location)
    row, _made = LocationCheck.objects.update_or_create(
        location=locked,
        defaults={
            **{name: answers.get(name) for name in QUESTIONS},
            "checked_by": by,
            "checked_at": clock.now(),
        },
    )
    return row
