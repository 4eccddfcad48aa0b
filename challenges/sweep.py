"""What time makes due in challenges: what was to be remembered for a week."""

from functools import partial

from challenges.observations import jottings
from core.sweep.steps import Step, Turn


def _jottings(turn: Turn) -> None:
    """Their words are gone in the night in which they lapse, or after the day they were dropped."""
    turn.try_many(partial(jottings.wipe, now=turn.now), about="jottings")


STEPS = (Step("jottings", _jottings, nightly=True),)
