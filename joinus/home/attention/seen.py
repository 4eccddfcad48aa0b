"""*Seen*: a coordinator puts one sign of a group aside until its fact changes.

It never goes away by that: the group stands at the end of the list and the sign behind *Seen*. The
row keeps the mark of the fact that was seen, so another number of workers, another queue or another
evening is a new sign, and a sign whose fact has gone leaves nothing to do.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.accounts.rights import Reach
from core.errors import RuleBroken
from core.months import add_months
from core.organisations.models import Group
from joinus.home.attention.facts import facts_of
from joinus.home.attention.signs import signs
from joinus.home.models import SignSeen

#: What was seen longer ago goes when the same person sees something else.
KEPT_MONTHS = 12


@transaction.atomic
def see_sign(*, group: Group, kind: str, mark: str, by: User) -> None:
    """`by` saw this sign as it was shown (`mark`). Twice is once; no locks, one row written over.

    Raises RuleBroken("sign_changed") when the fact is another one by now: that was not seen.
    """
    day = clock.today()
    (facts,) = facts_of(Reach(groups=frozenset({group.pk}))) or (None,)
    now = {str(sign.kind): sign.mark for sign in signs(facts, day)} if facts else {}
    if now.get(kind) != mark:
        raise RuleBroken(_("This changed a moment ago. Have another look."), "sign_changed")
    SignSeen.objects.bulk_create(
        [SignSeen(user=by, group=group, kind=kind, mark=mark, at=clock.now())],
        update_conflicts=True,
        unique_fields=["user", "group", "kind"],
        update_fields=["mark", "at"],
    )
    long_ago = clock.at(add_months(day, -KEPT_MONTHS))
    SignSeen.objects.filter(user=by, at__lt=long_ago).delete()


@transaction.atomic
def show_sign_again(*, group: Group, kind: str, by: User) -> None:
    """Taken back: the sign counts again for `by`. What was never seen stays as it is."""
    SignSeen.objects.filter(user=by, group=group, kind=kind).delete()
