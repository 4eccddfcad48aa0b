"""Ending a challenge: it worked out, or it no longer fits; and taking that back the same day.

How satisfied somebody is, and whether something new is wanted, is the participant's own word
(R-094, R-169). Ending the last one ends nothing else: a stay is never closed from here (R-163).
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge
from challenges.register.choosing import MOST_GOING, require_writer, same_words
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.models import Trajectory
from participants.models.leaving import SCALE
from participants.stay.lock import lock

Phase, State = Trajectory.Phase, Challenge.State

#: Which moves exist. Back to going: on the day itself, or when a closed stay is reopened.
ALLOWED: dict[str, frozenset[str]] = {
    State.GOING: frozenset({State.REACHED, State.LAID_ASIDE, State.WITH_STAY}),
    State.REACHED: frozenset({State.GOING}),
    State.LAID_ASIDE: frozenset({State.GOING}),
    State.WITH_STAY: frozenset({State.GOING}),
}
#: Ended by somebody's word, not with the stay.
BY_WORD = (State.REACHED, State.LAID_ASIDE)
#: While saying goodbye nothing new begins; what is there may still work out.
MAY_END = Phase.IN_GROUP


@transaction.atomic
def reach_challenge(
    *,
    challenge: Challenge,
    by: User,
    satisfaction: int | None = None,
    wants_another: bool | None = None,
) -> Challenge:
    """It worked out, by the young person's own word. As `lay_aside`."""
    return _end(challenge, State.REACHED, by, satisfaction, wants_another)


@transaction.atomic
def lay_aside(
    *,
    challenge: Challenge,
    by: User,
    satisfaction: int | None = None,
    wants_another: bool | None = None,
) -> Challenge:
    """It does not fit any more, no reason needed. Locks the stay.

    `satisfaction`: 0 to 10 (R-169); `wants_another`: is something new wanted (R-162); None: nobody
    said. The same end twice is one end: what was not said yet is added, and the young person's own
    word stands. Raises NotYours("not_yours"); RuleBroken: already_ended, not_taking_part,
    off_the_scale, waits_for_a_yes.
    """
    return _end(challenge, State.LAID_ASIDE, by, satisfaction, wants_another)


@transaction.atomic
def take_back_end(*, challenge: Challenge, by: User) -> Challenge:
    """It goes on after all: on the day itself, by either of them. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken: too_late, not_taking_part, chosen_anew, enough_going.
    """
    trajectory = lock(challenge.trajectory)
    require_writer(trajectory, by)
    challenge.refresh_from_db()
    if challenge.state == State.GOING:
        return challenge
    if not may_take_back(challenge):
        raise RuleBroken(_("This was ended earlier. You can choose it anew."), "too_late")
    if trajectory.phase not in MAY_END:
        raise RuleBroken(_("This stay is not running any more."), "not_taking_part")
    going = list(Challenge.objects.going().filter(trajectory=trajectory))
    if any(same_words(challenge.text, row.text) for row in going):
        raise RuleBroken(_("You chose the same words anew. That one goes on."), "chosen_anew")
    if len(going) >= MOST_GOING:
        raise RuleBroken(_("Five at once is plenty. End one of them first."), "enough_going")
    return go_on(challenge)


def go_on(challenge: Challenge) -> Challenge:
    """Back to going, as if it had not ended. Expects the stay to be locked."""
    challenge.state, challenge.ended_on, challenge.ended_by = State.GOING, None, None
    challenge.satisfaction = challenge.wants_another = None
    challenge.save(update_fields=["state", "ended_on", "ended_by", "satisfaction", "wants_another"])
    return challenge


def may_take_back(challenge: Challenge) -> bool:
    """Ended today, by somebody's word."""
    return challenge.state in BY_WORD and challenge.ended_on == clock.today()


def may_end(trajectory: Trajectory) -> bool:
    return trajectory.phase in MAY_END


def none_left(rows: Iterable[Challenge]) -> bool:
    """Pure: none goes on, and after the last one nothing new was wanted (R-162, R-163)."""
    rows = list(rows)
    ended = [row for row in rows if row.state in BY_WORD and row.ended_on is not None]
    if not ended or any(row.state == State.GOING for row in rows):
        return False
    last = max(row.ended_on for row in ended if row.ended_on is not None)
    return not any(row.wants_another for row in ended if row.ended_on == last)


def _end(
    challenge: Challenge,
    to: str,
    by: User,
    satisfaction: int | None,
    wants_another: bool | None,
) -> Challenge:
    trajectory = lock(challenge.trajectory)
    require_writer(trajectory, by)
    challenge.refresh_from_db()
    if satisfaction is not None and satisfaction not in SCALE:
        raise RuleBroken(_("Choose a figure from 0 to 10."), "off_the_scale", "satisfaction")
    said = {"satisfaction": satisfaction, "wants_another": wants_another}
    said = {name: value for name, value in said.items() if value is not None}
    if said and trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")
    if challenge.state == to:
        return _add(challenge, said, by)
    if challenge.state != State.GOING:
        raise RuleBroken(
            _("This challenge is “%(state)s” already.") % {"state": challenge.get_state_display()},
            "already_ended",
        )
    if trajectory.phase not in MAY_END:
        raise RuleBroken(_("This stay is not running any more."), "not_taking_part")
    challenge.state, challenge.ended_on, challenge.ended_by = to, clock.today(), by
    return _say(challenge, said, "state", "ended_on", "ended_by")


def _add(challenge: Challenge, said: dict[str, Any], by: User) -> Challenge:
    """Who ends it in the same way a moment later adds what was not said."""
    own = by.is_participant
    new = {name: said[name] for name in said if own or getattr(challenge, name) is None}
    return _say(challenge, new) if new else challenge


def _say(challenge: Challenge, said: dict[str, Any], *fields: str) -> Challenge:
    for name, value in said.items():
        setattr(challenge, name, value)
    challenge.save(update_fields=[*fields, *said])
    return challenge
