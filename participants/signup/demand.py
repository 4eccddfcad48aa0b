"""Figures about people who are not here yet: where they live, and why they could not sign up.

Counts only, never a person (R-035, R-044). A figure below FEWEST is shown as "1 to 4".
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.accounts.rights import Reach, reach
from core.names import alphabetical
from participants.models import InterestCount, TurnedAway
from participants.permissions import SEE_DEMAND

FEWEST = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class PlaceLine:
    """One municipality: registrations of the last twelve months, and since the beginning."""

    name: str
    province: str
    lately: int
    in_all: int


@dataclass(frozen=True)
class ReasonLine:
    reason: str
    lately: int


@dataclass(frozen=True)
class Demand:
    places: list[PlaceLine]
    reasons: list[ReasonLine]


def demand(user: Viewer, day: date) -> Demand:
    """What this user may see of it: the own regions and what belongs to no region; two queries."""
    far = reach(user, SEE_DEMAND)
    since = (day - YEAR).replace(day=1)
    places = (
        InterestCount.objects.filter(_within(far, "municipality__region"))
        .values_list("municipality__name", "municipality__province")
        .annotate(lately=Sum("times", filter=Q(month__gte=since), default=0), all=Sum("times"))
        .order_by("-lately", "-all", alphabetical("municipality__name"))
    )
    reasons = (
        TurnedAway.objects.filter(_within(far, "region"), month__gte=since)
        .values_list("reason")
        .annotate(lately=Sum("times"))
        .order_by("-lately", "reason")
    )
    return Demand(
        [PlaceLine(*row) for row in places],
        [ReasonLine(str(TurnedAway.Reason(row[0]).label), row[1]) for row in reasons],
    )


def shown(figure: int) -> str:
    """A small figure is not told to the one: it could be somebody you know."""
    return str(figure) if figure >= FEWEST or figure == 0 else _("1 to 4")


def _within(far: Reach, path: str) -> Q:
    if far.national:
        return Q()
    return Q(**{f"{path}__in": far.regions}) | Q(**{f"{path}__isnull": True})
