"""Choosing a challenge: by the young person, in the own words (R-099, R-159).

The young person keeps it in the own account (R-160); a youth worker of the group may write down
what was said in a talk.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, ExampleChallenge
from challenges.permissions import NOTE
from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import NotYours, RuleBroken
from participants.models import Trajectory
from participants.recusal import recusal
from participants.stay.lock import lock

Phase = Trajectory.Phase

MAY_CHOOSE = (Phase.PARTICIPATING, Phase.PAUSED)
#: Our own bound, not the method's: small steps, one after another.
MOST_GOING = 5


@transaction.atomic
def choose_challenge(*, trajectory: Trajectory, text: str, by: User) -> Challenge:
    """The same words twice are one challenge, so that a double tap writes once. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken: not_taking_part, waits_for_a_yes, text_needed,
    enough_going.
    """
    lock(trajectory)
    require_writer(trajectory, by)
    if trajectory.phase not in MAY_CHOOSE:
        raise RuleBroken(
            _("A challenge is chosen while taking part in the group."), "not_taking_part"
        )
    if trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")
    words = " ".join(text.split())
    if not words:
        raise RuleBroken(_("Write in a sentence what it is about."), "text_needed", "text")
    going = list(Challenge.objects.going().filter(trajectory=trajectory))
    for standing in going:
        if standing.text.casefold() == words.casefold():
            return standing
    if len(going) >= MOST_GOING:
        raise RuleBroken(
            _("Five at once is plenty. End one of them first."), "enough_going", "text"
        )
    return Challenge.objects.create(
        trajectory=trajectory, text=words, chosen_on=clock.today(), noted_by=by
    )


def may_write(trajectory: Trajectory, user: Viewer) -> bool:
    """The young person self, or a worker of the group who does not stay out of this stay."""
    if is_participant(user):
        return bool(trajectory.participant.user_id == user.pk)
    leads = trajectory.group_id in reach(user, NOTE).groups
    return leads and trajectory.participant_id not in recusal.out_of(user)


def may_choose(trajectory: Trajectory) -> bool:
    """Can something new begin now?"""
    return trajectory.phase in MAY_CHOOSE and not trajectory.blocked_reason


def examples() -> list[ExampleChallenge]:
    """The suggestions: never a closed list, and without the mechanism on any page (R-165)."""
    return list(ExampleChallenge.objects.defer("mechanism"))


def require_writer(trajectory: Trajectory, by: User) -> None:
    if not may_write(trajectory, by):
        raise NotYours(
            _("Only the young person and the youth workers of this group write here."),
            "not_yours",
        )
