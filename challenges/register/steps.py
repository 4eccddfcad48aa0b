"""Small steps towards a challenge, at Join Us and elsewhere (R-164, R-167): the young person's."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, SmallStep
from challenges.register.choosing import lock_going, same_words, words_of
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken

#: At once; whoever wants more makes another challenge of it.
MOST_STEPS = 6


@transaction.atomic
def add_step(*, challenge: Challenge, text: str, where: str, by: User) -> SmallStep:
    """The same words are the same step: sent twice it stands once, and a dropped one comes back.

    Locks the stay. Raises what `lock_going` and `words_of` raise; RuleBroken("enough_steps").
    """
    row = lock_going(challenge, by)
    words = words_of(text)
    steps = list(SmallStep.objects.filter(challenge=row))
    known = next((step for step in steps if same_words(step.text, words)), None)
    stand = [step for step in steps if step.dropped_at is None]
    if known is not None and known.dropped_at is None and known.where == where:
        return known
    if (known is None or known.dropped_at is not None) and len(stand) >= MOST_STEPS:
        raise RuleBroken(
            _("Six small steps is plenty. Take one away first."), "enough_steps", "text"
        )
    step = known or SmallStep(challenge=row, made_at=clock.now())
    if known is None or known.dropped_at is not None:
        step.order = max((one.order for one in steps), default=0) + 1
    step.text, step.where, step.dropped_at = words, where, None
    step.save()
    return step


@transaction.atomic
def drop_step(*, challenge: Challenge, step: UUID, by: User) -> None:
    """Away from the page; what was practised with it stays. Twice is once. Locks the stay.

    Raises what `lock_going` raises.
    """
    row = lock_going(challenge, by)
    stand = SmallStep.objects.filter(challenge=row, pk=step, dropped_at__isnull=True)
    stand.update(dropped_at=clock.now())
