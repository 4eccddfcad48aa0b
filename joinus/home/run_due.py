"""The sweep: everything that time makes due. Each step is idempotent and safe to run twice."""

from datetime import date

from challenges import sweep as challenges
from core.drafts import sweep as drafts
from core.organisations import mergers
from core.sweep.steps import Outcome, take_turns
from groups import sweep as groups
from participants import sweep as participants
from questionnaires import sweep as questionnaires

#: In the order in which one run takes them all; beat calls each by itself (`joinus.home.tasks`).
STEPS = (
    *mergers.STEPS,
    *participants.STEPS,
    *groups.STEPS,
    *challenges.STEPS,
    *questionnaires.STEPS,
    *drafts.STEPS,
)


def run_due(day: date | None = None) -> list[Outcome]:
    """Every step, the nightly ones too. Facts decide; the calls through the ports only hurry.

    Raises StepsFailed after the last one, when some step did not do all of its work.
    """
    return take_turns(STEPS, day)
