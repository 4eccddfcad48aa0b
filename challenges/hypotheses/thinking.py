"""One possible explanation of what was seen, beside others (R-151); a thing of both workers.

Whoever writes or rewrites it agrees with it; the colleague is asked again, because an opinion is of
a version (R-153). Nothing asks for one (R-152). Locks: the stay.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.hypotheses.agreeing import agree_as_writer
from challenges.hypotheses.grounds import rest_on
from challenges.hypotheses.sight import lock_open
from challenges.models import ChallengeMechanism, Hypothesis, Mechanism
from challenges.observations.observers import require_observed
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.sent_twice import done_before
from participants.models import Trajectory
from participants.stay.lock import lock


@dataclass(frozen=True)
class Idea:
    """What may lie under it. `rests_on`: ids of observations."""

    text: str
    mechanism: str
    rests_on: frozenset[UUID] = frozenset()


@transaction.atomic
def write_hypothesis(
    *, trajectory: Trajectory, idea: Idea, client_id: UUID, by: User
) -> Hypothesis:
    """Sent twice it is written once.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes, text_needed,
    no_such_mechanism, other_observation, client_id_used.
    """
    lock(trajectory)
    require_observed(trajectory, by)
    sent = Hypothesis.objects.filter(client_id=client_id).first()
    if done := done_before(sent, trajectory_id=trajectory.pk, by_id=by.pk):
        return done
    row = Hypothesis(trajectory=trajectory, client_id=client_id, by=by, at=clock.now())
    _write(row, idea, by)
    return row


@transaction.atomic
def change_hypothesis(*, hypothesis: Hypothesis, idea: Idea, by: User) -> Hypothesis:
    """Either worker may, as long as the talk has made nothing of it yet.

    Raises NotYours("not_yours"); RuleBroken: as above, and settled.
    """
    lock_open(hypothesis, by)
    _write(hypothesis, idea, by)
    return hypothesis


@transaction.atomic
def withdraw(*, hypothesis: Hypothesis, by: User) -> None:
    """A slip, such as the wrong person: gone without a trace, by its writer, on the same day, and
    as long as no colleague has looked at it. Afterwards it can only be let go.

    Raises NotYours("not_yours"); RuleBroken: settled, no_slip_any_more.
    """
    lock_open(hypothesis, by)
    if not is_slip(hypothesis, by):
        raise RuleBroken(
            _("This is not only yours any more. You can let it go."), "no_slip_any_more"
        )
    hypothesis.delete()


def is_slip(hypothesis: Hypothesis, by: User) -> bool:
    """May it still be taken away as if it never was?"""
    if hypothesis.by_id != by.pk or clock.day_of(hypothesis.at) != clock.today():
        return False
    others = hypothesis.opinions.exclude(by=by.pk)
    return not others.exists() and not hypothesis.replaces.exists()


def _write(row: Hypothesis, idea: Idea, by: User) -> None:
    text = idea.text.strip()
    if not text:
        raise RuleBroken(_("Write down what you think."), "text_needed", "text")
    if idea.mechanism not in Mechanism.values:
        raise RuleBroken(_("Choose which of the two it is."), "no_such_mechanism", "mechanism")
    if row._state.adding or (row.text, row.mechanism) != (text, idea.mechanism):
        ChallengeMechanism.objects.filter(hypothesis=row.pk).update(mechanism=idea.mechanism)
        row.text, row.mechanism, row.version = text, idea.mechanism, row.version + 1
        row.save()
        agree_as_writer(row, by)
    rest_on(row, idea.rests_on, by)
