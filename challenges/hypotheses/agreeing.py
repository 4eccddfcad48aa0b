"""Whether the workers agree: each of them for oneself, about the words as they stand (R-153).

Two have looked at it: then nobody is asked any more. Who that second one is, the facts say: today's
workers of the group, less who stays out of this stay. So when one is ill a substitute may answer,
after a goodbye the successor is asked, and what somebody said who left since goes on to count.
Locks: the stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.hypotheses.sight import lock_in_sight
from challenges.models import Hypothesis, Opinion
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken

#: So many pairs of eyes.
BOTH = 2


@dataclass(frozen=True)
class Answers:
    """Of one hypothesis: who said what of it as it stands, who said it of before, who is asked."""

    now: list[Opinion] = field(default_factory=list)
    before: list[Opinion] = field(default_factory=list)
    asked: list[User] = field(default_factory=list)

    @property
    def agreed(self) -> bool:
        """Both workers agree: two of them, and nobody sees it in another way."""
        return len(self.now) >= BOTH and all(one.agrees for one in self.now)

    @property
    def differs(self) -> bool:
        return any(not one.agrees for one in self.now)

    @property
    def waits(self) -> bool:
        """A second pair of eyes is missing."""
        return len(self.now) < BOTH


def answers(
    hypothesis: Hypothesis, opinions: Iterable[Opinion], workers: Iterable[User]
) -> Answers:
    """Pure. `workers`: today's of the group, who go on with this stay."""
    rows = sorted(opinions, key=lambda one: one.at)
    now = [one for one in rows if one.of_version == hypothesis.version]
    before = [one for one in rows if one.of_version != hypothesis.version]
    said = {one.by_id for one in now}
    asked = [user for user in workers if user.pk not in said] if len(now) < BOTH else []
    return Answers(now, before, asked)


@transaction.atomic
def say_opinion(
    *, hypothesis: Hypothesis, agrees: bool, by: User, version: int | None, text: str = ""
) -> Opinion:
    """About `version`, as it was read. Said again it is the last word that counts.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes, let_go,
    changed_meanwhile.
    """
    lock_in_sight(hypothesis, by)
    if hypothesis.outcome in (Hypothesis.Outcome.CHANGED, Hypothesis.Outcome.DROPPED):
        raise RuleBroken(_("This does not stand any more."), "let_go")
    if hypothesis.version != version:
        raise RuleBroken(
            _("It was changed while you read it. Look again what it says now."),
            "changed_meanwhile",
        )
    return _say(hypothesis, by, agrees=agrees, text=text.strip())


def agree_as_writer(hypothesis: Hypothesis, by: User) -> None:
    """Expects the stay to be locked. The own words are the own opinion."""
    _say(hypothesis, by, agrees=True, text="")


def _say(hypothesis: Hypothesis, by: User, *, agrees: bool, text: str) -> Opinion:
    said = {
        "agrees": agrees,
        "text": text,
        "of_version": hypothesis.version,
        "at": clock.now(),
    }
    row, _made = Opinion.objects.update_or_create(hypothesis=hypothesis, by=by, defaults=said)
    return row
