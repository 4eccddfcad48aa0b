"""Ending a challenge: it worked out, or it no longer fits. Ending the last one ends nothing else:
a stay is never closed from here (R-163).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge
from challenges.register.choosing import require_writer
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.models import Trajectory
from participants.stay.lock import lock

Phase, State = Trajectory.Phase, Challenge.State

#: Which moves exist; who picks up an old one chooses it anew.
ALLOWED: dict[str, frozenset[str]] = {
    State.GOING: frozenset({State.REACHED, State.LAID_ASIDE}),
    State.REACHED: frozenset(),
    State.LAID_ASIDE: frozenset(),
    State.WITH_STAY: frozenset(),
}
#: While saying goodbye nothing new begins; what is there may still work out.
MAY_END = Phase.IN_GROUP


@transaction.atomic
def reach_challenge(*, challenge: Challenge, by: User) -> Challenge:
    """It worked out, by the young person's own word. Raises what `lay_aside` raises."""
    return _end(challenge, State.REACHED, by)


@transaction.atomic
def lay_aside(*, challenge: Challenge, by: User) -> Challenge:
    """It no longer fits; no reason needed. Locks the stay; the same end twice is one end.

    Raises NotYours("not_yours"); RuleBroken: already_ended, not_taking_part.
    """
    return _end(challenge, State.LAID_ASIDE, by)


def _end(challenge: Challenge, to: str, by: User) -> Challenge:
    trajectory = lock(challenge.trajectory)
    require_writer(trajectory, by)
    challenge.refresh_from_db()
    if challenge.state == to:
        return challenge
    if to not in ALLOWED[challenge.state]:
        raise RuleBroken(
            _("This challenge is “%(state)s” already.") % {"state": challenge.get_state_display()},
            "already_ended",
        )
    if trajectory.phase not in MAY_END:
        raise RuleBroken(_("This stay is not running any more."), "not_taking_part")
    challenge.state, challenge.ended_on, challenge.ended_by = to, clock.today(), by
    challenge.save(update_fields=["state", "ended_on", "ended_by"])
    return challenge


def may_end(trajectory: Trajectory) -> bool:
    return trajectory.phase in MAY_END
