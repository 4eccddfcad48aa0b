"""The group's own weekday, time and age band: set locally, by its own workers (R-119, R-121)."""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.ages import OLDEST, YOUNGEST
from core.errors import RuleBroken
from core.locks import lock_copy
from core.organisations.models import Group

#: What the programme gives as examples; any other band within 12 to 30 is as good.
EXAMPLES = ((12, 16), (17, 23), (24, 30))


@transaction.atomic
def set_rhythm(
    *, group: Group, weekday: int, starts_at: time, age_from: int, age_until: int, by: User
) -> Group:
    """From here on new meetings are proposed on this day and time, and people of these ages may
    sign up. What was planned stays as it was, and so does everybody who has a place.

    Raises RuleBroken: no_such_day, age_band.
    """
    if weekday not in range(7):
        raise RuleBroken(_("Choose a day of the week."), "no_such_day", "weekday")
    if not YOUNGEST <= age_from <= age_until <= OLDEST:
        raise RuleBroken(
            _("Choose ages from 12 up to and including 30, the lowest one first."),
            "age_band",
            "age_until",
        )
    row = lock_copy(group)
    row.weekday, row.starts_at = weekday, starts_at
    row.age_from, row.age_until = age_from, age_until
    row.save(update_fields=["weekday", "starts_at", "age_from", "age_until"])
    return row
