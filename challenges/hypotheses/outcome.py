"""What the talk made of a hypothesis: recognised, changed, or let go, with the day (R-157).

It is written down once; on the same day either worker can undo it. Locks: the stay.
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.hypotheses.sight import already, lock_in_sight
from challenges.hypotheses.thinking import Idea, write_hypothesis
from challenges.models import Hypothesis
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken

Outcome = Hypothesis.Outcome


@transaction.atomic
def confirm(*, hypothesis: Hypothesis, by: User, on: date, text: str = "") -> Hypothesis:
    """The young person recognised it.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes, settled, not_then.
    """
    lock_in_sight(hypothesis, by)
    return _settle(hypothesis, Outcome.CONFIRMED, by=by, on=on, text=text)


@transaction.atomic
def drop(*, hypothesis: Hypothesis, by: User, on: date, text: str = "") -> Hypothesis:
    """Let go: it was not this. Raises as `confirm`."""
    lock_in_sight(hypothesis, by)
    return _settle(hypothesis, Outcome.DROPPED, by=by, on=on, text=text)


@transaction.atomic
def replace(
    *, hypothesis: Hypothesis, idea: Idea, client_id: UUID, by: User, on: date
) -> Hypothesis:
    """After the talk it reads differently: a new one stands instead, about which the colleague is
    asked. Sent twice it is done once. Raises as `confirm` and as `write_hypothesis`.
    """
    lock_in_sight(hypothesis, by)
    done = hypothesis.instead
    if done is not None and done.client_id == client_id:
        return done
    _settle(hypothesis, Outcome.CHANGED, by=by, on=on)
    new = write_hypothesis(trajectory=hypothesis.trajectory, idea=idea, client_id=client_id, by=by)
    hypothesis.instead = new
    hypothesis.save(update_fields=["instead"])
    return new


@transaction.atomic
def undo(*, hypothesis: Hypothesis, by: User) -> Hypothesis:
    """It was a slip: it stands as before. What was written instead goes on beside it.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes, too_late.
    """
    lock_in_sight(hypothesis, by)
    if not hypothesis.outcome:
        return hypothesis
    if not may_undo(hypothesis):
        raise RuleBroken(
            _("This can be undone on the day itself. Write down what you think now."), "too_late"
        )
    hypothesis.outcome, hypothesis.outcome_text, hypothesis.instead = "", "", None
    hypothesis.outcome_on = hypothesis.outcome_at = hypothesis.outcome_by = None
    hypothesis.save()
    return hypothesis


def may_undo(hypothesis: Hypothesis) -> bool:
    at = hypothesis.outcome_at
    return at is not None and clock.day_of(at) == clock.today()


def _settle(row: Hypothesis, outcome: Outcome, *, by: User, on: date, text: str = "") -> Hypothesis:
    if (row.outcome, row.outcome_by_id, row.outcome_on) == (outcome, by.pk, on):
        return row  # the same button once more
    if row.outcome:
        raise RuleBroken(already(row), "settled")
    if not clock.day_of(row.at) <= on <= clock.today():
        raise RuleBroken(
            _("Choose a day since this was written down, at the latest today."), "not_then", "on"
        )
    row.outcome, row.outcome_by, row.outcome_on = outcome, by, on
    row.outcome_at, row.outcome_text = clock.now(), text.strip()
    row.save()
    return row
