"""What time makes due about challenges: proposals nobody answered, and reminders asked for."""

from challenges.register import proposals, reminding
from core.sweep.steps import Step, Turn


def _proposals_lapse(turn: Turn) -> None:
    turn.each(proposals.lapsed(turn.now), proposals.lapse)


STEPS = (
    Step("proposals_lapse", _proposals_lapse, nightly=True),
    Step("challenge_reminders", reminding.write_due, nightly=True),
)
