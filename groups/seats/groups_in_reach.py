"""The list of groups: one without a coming meeting first, then by whose meeting comes first."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Min, TextChoices
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer
from core.names import in_order
from core.organisations.models import Group
from groups.models.moments import can_come


class Planned(TextChoices):
    """What a line of the list asks for, in the order of need."""

    NOTHING = "nothing", _("No meeting planned")
    COMING = "coming", _("A meeting is planned")
    CLOSED = "closed", _("Preparing or closed")


ORDER = {planned: place for place, planned in enumerate(Planned)}
IN_USE = (Group.State.OPEN, Group.State.FULL)


@dataclass(frozen=True)
class GroupInReach:
    """A group in a line: counts only, never a person."""

    pk: UUID
    name: str
    age_from: int
    age_until: int
    taken: int
    capacity: int
    state: str
    location: str
    town: str
    organisation: str
    next_at: datetime | None

    @property
    def planned(self) -> Planned:
        if self.state not in IN_USE:
            return Planned.CLOSED
        return Planned.COMING if self.next_at else Planned.NOTHING


def groups_in_reach(user: Viewer) -> list[GroupInReach]:
    """Every group this user may follow, the greatest need first; one query."""
    coming = can_come(clock.now(), "meetings__")
    rows = (
        Group.objects.visible_to(user)
        .values_list(
            "pk",
            "name",
            "age_from",
            "age_until",
            "places_taken",
            "capacity",
            "state",
            "location__name",
            "location__town",
            "location__organisation__name",
        )
        .annotate(next_at=Min("meetings__starts_at", filter=coming))
        .order_by()
    )
    return sorted((GroupInReach(*row) for row in rows), key=_need)


#: When nothing is planned; the same for each, so that the name decides.
NEVER = datetime.max.replace(tzinfo=UTC)


def _need(group: GroupInReach) -> tuple[int, datetime, str, UUID]:
    return ORDER[group.planned], group.next_at or NEVER, in_order(group.name), group.pk
