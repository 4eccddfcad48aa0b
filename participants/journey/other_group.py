"""Which other groups are offered to somebody, and in which order: what fits the age stands first,
then what is near, then what has a place. What does not fit is offered too, and says so.

Offering decides nothing: whether somebody may go there is the rule of the act itself
(`participants.signup.applicants.move_applicant`, `groups.seats.placement.move`).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from core import clock
from core.ages import age_on
from core.names import in_order
from core.organisations.models import Group
from participants.models import Trajectory

#: The answers to "does the age fit?" and "is there a place?".
AGES = {"fits": _("Fits the age"), "outside": _("Outside the age band")}
PLACES = {"free": _("Has a place"), "full": _("Full")}


@dataclass(frozen=True)
class OtherGroup:
    """A group in the choice. `near`: 0 the same house, 1 the same organisation, 2 another one."""

    pk: UUID
    name: str
    age_from: int
    age_until: int
    free: int
    location: str
    town: str
    organisation: str
    age: int
    near: int

    @property
    def key(self) -> str:
        return str(self.pk)

    @property
    def fits_age(self) -> bool:
        return self.age_from <= self.age <= self.age_until

    @property
    def band(self) -> str:
        return "fits" if self.fits_age else "outside"

    @property
    def room(self) -> str:
        return "free" if self.free else "full"

    @property
    def names(self) -> tuple[str, ...]:
        return self.name, self.location, self.town, self.organisation


def offered(stay: Trajectory, groups: QuerySet[Group]) -> list[OtherGroup]:
    """These groups in the order of the choice; one query, `stay.participant` loaded."""
    here = Group.objects.filter(trajectories=stay.pk)
    groups = groups.annotate(
        house=Subquery(here.values("location")[:1]),
        own=Subquery(here.values("location__organisation")[:1]),
    )
    age = age_on(stay.participant.birth_date, clock.today())
    rows = groups.order_by().values_list(
        "pk",
        "name",
        "age_from",
        "age_until",
        "capacity",
        "places_taken",
        "state",
        "location",
        "location__name",
        "location__town",
        "location__organisation",
        "location__organisation__name",
        "house",
        "own",
    )
    found = [
        OtherGroup(
            pk=pk,
            name=name,
            age_from=age_from,
            age_until=age_until,
            free=0 if state == Group.State.FULL else max(0, capacity - taken),
            location=location_name,
            town=town,
            organisation=organisation_name,
            age=age,
            near=0 if location == house else 1 if its_organisation == own else 2,
        )
        for (
            pk,
            name,
            age_from,
            age_until,
            capacity,
            taken,
            state,
            location,
            location_name,
            town,
            its_organisation,
            organisation_name,
            house,
            own,
        ) in rows.distinct()
    ]
    return sorted(
        found,
        key=lambda one: (not one.fits_age, one.near, not one.free, in_order(one.name), one.pk),
    )
