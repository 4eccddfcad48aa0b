"""Who may see and answer a questionnaire, who is asked, who is written to: one rule for all.

Four kinds of waiting (design.md 4.9). On hold nothing opens, nothing is sent and nothing is missed;
what more each of them holds back stands here, in the order of how much:

- **blocked**, a needed yes is missing: nothing at all. Nobody is shown a questionnaire, asked,
  written to or called about one, and no answer is taken, whatever tab was open (R-350, R-104).
- **stopped**, while a worker still has to close the stay, and **paused**: nobody asks, so it is no
  to-do and stands on no card. But their yes stands, and a list that is open is theirs: whoever goes
  there by themselves may fill it in, and is told that it need not be. Turning down an answer that
  somebody chose to give would help nobody.
- **"send nothing more"**: is about messages and calls, so only these stop; the own page is not one.

In the three forms that are needed: of rows (a Q), of a stay in hand, and as a refusal under the
lock of the stay, which `participants.consent.needed.settle` takes as well.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from participants.models import Hold, Trajectory

Phase = Trajectory.Phase


class NoYes(RuleBroken):
    """A needed yes is missing. Whose, is told by nobody but the worker."""


def with_a_yes(stay: str = "trajectory") -> Q:
    """Rows whose stay has every yes it needs; `stay`: the way to it, empty for the stay itself."""
    return Q(**{_at(stay, "blocked_reason"): ""})


def asked(stay: str = "trajectory") -> Q:
    """Rows about which somebody is asked on the own pages: a yes, no pause, and not stopping."""
    stopping = {_at(stay, "phase"): Phase.LEAVING, _at(stay, "stopped_on__isnull"): False}
    return with_a_yes(stay) & ~Q(**{_at(stay, "phase"): Phase.PAUSED}) & ~Q(**stopping)


def written_to(day: date, stay: str = "trajectory") -> Q:
    """Rows about which a message may leave on `day`: asked, and not to be left in peace."""
    wished: dict[str, Any] = {_at(stay, "participant__contact__stopped_at__isnull"): True}
    refused = {_at(stay, "follow_up_waived"): Trajectory.Waived.CONTACT_REFUSED}
    holds = Hold.objects.filter(trajectory=OuterRef(stay or "pk"), days__contains=day)
    return asked(stay) & Q(**wished) & ~Q(**refused) & ~Q(Exists(holds))


def has_a_yes(stay: Trajectory) -> bool:
    """`with_a_yes` of one stay."""
    return not stay.blocked_reason


def is_asked(stay: Trajectory) -> bool:
    """`asked` of one stay."""
    stopping = stay.phase == Phase.LEAVING and stay.stopped_on is not None
    return has_a_yes(stay) and stay.phase != Phase.PAUSED and not stopping


def require_a_yes(stay: Trajectory) -> None:
    """For whoever holds the lock of this stay. Raises NoYes("blocked"); it says no reason."""
    if not has_a_yes(stay):
        raise NoYes(_("These questions wait: something has to be arranged first."), "blocked")


def _at(stay: str, field: str) -> str:
    return f"{stay}__{field}" if stay else field
