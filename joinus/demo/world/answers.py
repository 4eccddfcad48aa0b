"""What people in the demo world answer: a slow, uneven way up, with gaps."""

from random import Random

from participants.intake.talk import JUDGED
from questionnaires.models import NOT_APPLICABLE, RATHER_NOT, Invitation, Item, Wave

STYLES = {"always": 1.0, "mostly": 0.8, "seldom": 0.35, "never": 0.0}


def delay(invitation: Invitation, style: str, seed: str) -> int | None:
    """Days after opening on which this wave is answered; None when it never is."""
    dice = Random(f"{seed}:{invitation.wave}:{invitation.sequence}")  # noqa: S311
    return dice.randint(1, 8) if dice.random() < STYLES[style] else None


def values(invitation: Invitation, items: list[Item], seed: str) -> dict[int, int]:
    """Item number -> value for one wave; now and then skipped, rather not, or left open."""
    dice = Random(f"{seed}:{invitation.wave}:{invitation.sequence}:values")  # noqa: S311
    step = {Wave.BASELINE: 0, Wave.INTERIM: invitation.sequence, Wave.EXIT: 4, Wave.FOLLOW_UP: 4}
    given: dict[int, int] = {}
    for item in items:
        luck = dice.random()
        if luck < 0.02:
            continue
        if luck < 0.04:
            given[item.number] = RATHER_NOT
            continue
        options = [o.value for o in item.options.all() if o.value != NOT_APPLICABLE]
        if item.number == 2 and given.get(1) == options[0]:
            given[2] = NOT_APPLICABLE
            continue
        share = 0.25 + 0.13 * min(4, step[Wave(invitation.wave)]) + dice.uniform(-0.3, 0.3)
        if item.higher_is_better is False:
            share = 1 - share
        place = round(max(0.0, min(1.0, share)) * (len(options) - 1))
        given[item.number] = options[place]
    return given


def judgements(fits: bool) -> dict[str, tuple[str, str]]:
    """What the worker fills in on the intake form."""
    found = {str(subject): ("meets", "") for subject in JUDGED}
    if not fits:
        found["psychiatric"] = ("does_not_meet", "Krijgt nu eerst andere hulp.")
    return found
