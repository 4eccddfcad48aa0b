"""The coming meetings of several groups in lines: the one that begins first stands first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.names import alphabetical
from groups.models import Meeting

#: The answers to "how does it stand?".
STATES = {"on": _("Going ahead"), "cancelled": _("Does not go ahead")}


@dataclass(frozen=True)
class Coming:
    """One meeting in a line."""

    pk: UUID
    starts_at: datetime
    status: str
    activity: str
    group: UUID
    group_name: str
    location: str

    @property
    def state(self) -> str:
        return "cancelled" if self.status == Meeting.Status.CANCELLED else "on"


def coming(meetings: QuerySet[Meeting]) -> list[Coming]:
    """In the order of time, two at one moment by the name of the group; one query."""
    rows = meetings.order_by("starts_at", alphabetical("group__search_name"), "pk").values_list(
        "pk", "starts_at", "status", "activity", "group", "group__name", "group__location__name"
    )
    return [Coming(*row) for row in rows]
