"""Where young people under eighteen are, or may come: what gives away how to reach somebody is not
put before the whole group there (R-226)."""

from core import clock
from core.ages import age_on, born_by
from core.organisations.models import Group
from groups.models import Placement
from participants.models import Trajectory

ADULT = 18


def guards_minors(group: Group, stay: Trajectory | None) -> bool:
    """Of what this person writes for the group: by its ages, their own, or who is in it today, as
    somebody may have a place outside the age band (R-377). Nobody: a worker, whose words stand.
    """
    if stay is None:
        return False
    today = clock.today()
    if group.age_from < ADULT or age_on(stay.participant.birth_date, today) < ADULT:
        return True
    minors = Placement.objects.on(today).filter(
        group=group, trial=False, trajectory__participant__birth_date__gt=born_by(today, ADULT)
    )
    return minors.exists()
