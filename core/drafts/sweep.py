"""What time makes due for drafts: nothing is kept long, and nothing after a role has ended."""

from datetime import date
from functools import partial

from core.accounts.models import RoleAssignment
from core.drafts.keeping import KEPT_FOR, behind
from core.drafts.models import Draft
from core.sweep.steps import Outcome, Step, Turn, take_turns


def run_due(day: date | None = None) -> list[Outcome]:
    return take_turns(STEPS, day)


def _old_drafts(turn: Turn) -> int:
    return Draft.objects.filter(kept_at__lt=turn.now - KEPT_FOR).delete()[0]


def _ended_roles(turn: Turn) -> int:
    """A role that ended at midnight: nobody did anything, so nobody took the drafts away."""
    ended = RoleAssignment.objects.filter(
        valid_until__lt=turn.day, valid_until__gte=turn.day - KEPT_FOR
    )
    return sum(
        Draft.objects.filter(person_id=user_id, kept_at__date__lte=last_day)
        .open()
        .update(words=None)
        for user_id, last_day in ended.values_list("user_id", "valid_until")
    )


def _behind_a_bar(_turn: Turn) -> int:
    """Whoever barred them died before the last look."""
    bars = Draft.objects.filter(form="", words__isnull=True)
    return sum(behind(barred).delete()[0] for barred in bars)


def _drafts(turn: Turn) -> None:
    turn.try_many(partial(_old_drafts, turn), about="old")
    turn.try_many(partial(_behind_a_bar, turn), about="bars")
    turn.try_many(partial(_ended_roles, turn), about="ended roles")


STEPS = (Step("drafts", _drafts, nightly=True),)
