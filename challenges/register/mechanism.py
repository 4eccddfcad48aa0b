"""Which mechanism a challenge works on: a youth worker says it, its owner never sees it (R-166)."""

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, ChallengeMechanism, Hypothesis, Mechanism
from challenges.permissions import OBSERVE
from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import NotYours, RuleBroken
from participants.models import Trajectory
from participants.recusal import recusal
from participants.stay.lock import lock


def may_label(trajectory: Trajectory, user: Viewer) -> bool:
    """A youth worker of the group who does not stay out of this stay; nobody else (R-154)."""
    return leads(trajectory, user) and trajectory.participant_id not in recusal.out_of(user)


def leads(trajectory: Trajectory, user: Viewer) -> bool:
    """Its group, whoever stays out of whom."""
    return trajectory.group_id in reach(user, OBSERVE).groups


@transaction.atomic
def say_mechanism(
    *, challenge: Challenge, mechanism: str, by: User, hypothesis: Hypothesis | None = None
) -> ChallengeMechanism | None:
    """Empty takes the label away, always; while a consent is missing nothing new is said. Locks
    the stay.

    Raises NotYours("not_yours"); RuleBroken: no_such_mechanism, other_hypothesis, waits_for_a_yes.
    """
    trajectory = lock(challenge.trajectory)
    if not may_label(trajectory, by):
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")
    if not mechanism:
        ChallengeMechanism.objects.filter(challenge=challenge).delete()
        return None
    if mechanism not in Mechanism.values:
        raise RuleBroken(_("Choose one of the answers."), "no_such_mechanism")
    if trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")
    if hypothesis is not None and hypothesis.trajectory_id != trajectory.pk:
        raise RuleBroken(_("That hypothesis is about somebody else."), "other_hypothesis")
    said = {"mechanism": mechanism, "hypothesis": hypothesis, "by": by, "at": clock.now()}
    row, _made = ChallengeMechanism.objects.update_or_create(challenge=challenge, defaults=said)
    return row


def labels_of(trajectory: Trajectory) -> dict[object, str]:
    """By challenge. For who `may_label`, and for nobody else."""
    rows = ChallengeMechanism.objects.filter(challenge__trajectory=trajectory)
    return dict(rows.values_list("challenge", "mechanism"))
