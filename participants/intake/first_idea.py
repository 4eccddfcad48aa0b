"""Which of the two known profiles fits best: a first idea of the workers (R-071).

Not able (few social skills) or not daring (a negative bias). It may change at any time; who thought
what, and when, stays. For the workers alone: a young person never meets it as a label.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.models import FirstIdea, Trajectory
from participants.stay.lock import lock


@transaction.atomic
def note_first_idea(*, trajectory: Trajectory, profile: str, by: User) -> FirstIdea:
    """The newest counts; the same again changes nothing. Raises RuleBroken("unknown_profile")."""
    lock(trajectory)
    if profile not in FirstIdea.Profile.values:
        raise RuleBroken(_("Choose what fits best."), code="unknown_profile", field="profile")
    newest = FirstIdea.objects.filter(trajectory=trajectory).first()
    if newest is not None and newest.profile == profile:
        return newest
    return FirstIdea.objects.create(trajectory=trajectory, profile=profile, by=by, at=clock.now())
