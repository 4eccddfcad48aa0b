"""What time makes due about challenges: what was to be remembered for a week, proposals nobody
answered, reminders asked for, and what an end of a stay left behind, or its undoing.
"""

from functools import partial

from challenges.observations import jottings
from challenges.register import proposals, reminding, with_stay
from core.sweep.steps import Step, Turn


def _jottings(turn: Turn) -> None:
    """Their words are gone in the night in which they lapse, or after the day they were dropped."""
    turn.try_many(partial(jottings.wipe, now=turn.now), about="jottings")


def _challenges_left(turn: Turn) -> None:
    turn.each(with_stay.left_behind(), with_stay.set_right)


def _proposals_lapse(turn: Turn) -> None:
    turn.each(proposals.lapsed(turn.now), proposals.lapse)


STEPS = (
    Step("jottings", _jottings, nightly=True),
    Step("challenges_left", _challenges_left, nightly=True),
    Step("proposals_lapse", _proposals_lapse, nightly=True),
    Step("challenge_reminders", reminding.write_due, nightly=True),
)
