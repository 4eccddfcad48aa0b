"""What time makes due about challenges: those that an end of a stay left behind, or its undoing."""

from challenges.register import with_stay
from core.sweep.steps import Step, Turn


def _challenges_left(turn: Turn) -> None:
    turn.each(with_stay.left_behind(), with_stay.set_right)


STEPS = (Step("challenges_left", _challenges_left, nightly=True),)
