"""What time makes due about challenges: proposals nobody answered, reminders asked for, and what
an end of a stay left behind, or its undoing.
"""

from challenges.register import proposals, reminding, with_stay
from core.sweep.steps import Step, Turn


def _challenges_left(turn: Turn) -> None:
    turn.each(with_stay.left_behind(), with_stay.set_right)


def _proposals_lapse(turn: Turn) -> None:
    turn.each(proposals.lapsed(turn.now), proposals.lapse)


STEPS = (
    Step("challenges_left", _challenges_left, nightly=True),
    Step("proposals_lapse", _proposals_lapse, nightly=True),
    Step("challenge_reminders", reminding.write_due, nightly=True),
)
