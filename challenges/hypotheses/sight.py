"""Who may touch a hypothesis now: a youth worker of the group, while the stay goes on (R-154)."""

from django.utils.translation import gettext as _

from challenges.models import Hypothesis
from challenges.observations.observers import require_observed
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from participants.stay.lock import lock


def lock_in_sight(hypothesis: Hypothesis, by: User) -> None:
    """Lock the stay, and read the hypothesis afresh into this very object.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes.
    """
    lock(hypothesis.trajectory)
    require_observed(hypothesis.trajectory, by)
    if not Hypothesis.objects.visible_to(by).filter(pk=hypothesis.pk).exists():
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")
    hypothesis.refresh_from_db(fields=FIELDS)


def lock_open(hypothesis: Hypothesis, by: User) -> None:
    """As `lock_in_sight`. Raises RuleBroken("settled") too: the talk made something of it."""
    lock_in_sight(hypothesis, by)
    if hypothesis.outcome:
        raise RuleBroken(already(hypothesis), "settled")


def already(hypothesis: Hypothesis) -> str:
    """Who was first, and with what."""
    who = hypothesis.outcome_by.first_name if hypothesis.outcome_by else ""
    return _("{who} wrote down already: {outcome}.").format(
        who=who, outcome=hypothesis.get_outcome_display()
    )


#: Not the stay: that is locked, and read.
FIELDS = [field.name for field in Hypothesis._meta.concrete_fields if field.name != "trajectory"]
