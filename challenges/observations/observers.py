"""Who may write down what they saw, and of whom: the youth workers of the own group (R-154).

They read each other's observations; each changes and takes back only the own ones, because an
observation is what one pair of eyes saw.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from challenges.permissions import OBSERVE
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.errors import NotYours, RuleBroken
from participants.models import Trajectory
from participants.person.shown_name import by_call_name

Phase = Trajectory.Phase


def stays_of(user: Viewer) -> QuerySet[Trajectory]:
    """Everybody about whom this youth worker may read what was seen."""
    return Trajectory.objects.visible_to(user).filter(group__in=reach(user, OBSERVE).groups)


def in_the_group(user: Viewer, group_id: UUID | None) -> QuerySet[Trajectory]:
    """Who can be chosen on the form: everybody with a place here, by call name."""
    stays = stays_of(user).filter(group=group_id, phase__in=Phase.PLACED, blocked_reason="")
    return stays.order_by(*by_call_name(""))


def why_not(stay: Trajectory, *, remembered: bool = False) -> tuple[str, str]:
    """Why nothing new is written down about this stay, as (words, code); two empty ones when it is.

    Somebody without a place does not come to the meetings, and while a consent is missing nothing
    is written about them. What was remembered before a goodbye may still be worked out after it.
    """
    if stay.blocked_reason:
        return _("Something has to be arranged first."), "waits_for_a_yes"
    if stay.phase in Phase.PLACED or (remembered and stay.phase == Phase.FORMER):
        return "", ""
    words = _("{name} has no place in the group now.").format(name=stay.shown_name)
    return words, "not_in_the_group"


def require_observed(stay: Trajectory, by: Viewer, *, remembered: bool = False) -> None:
    """Expects the stay to be locked. Raises NotYours("not_yours"); RuleBroken: not_in_the_group,
    waits_for_a_yes.
    """
    if not stays_of(by).filter(pk=stay.pk).exists():
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")
    words, code = why_not(stay, remembered=remembered)
    if code:
        raise RuleBroken(words, code)
