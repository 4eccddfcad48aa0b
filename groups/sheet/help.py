"""The help card of the sheet, for the youth worker: whom to ring, and whose people to ring."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.names import alphabetical
from core.organisations.models import Group
from groups.models import Meeting
from participants.models import HomeSilence, Trajectory, UnsafeHome
from participants.person.shown_name import by_call_name

#: The colleague in the room first, then who is asked along, then who answers for it all.
ORDER = (Role.YOUTH_WORKER, Role.REGIONAL_COORDINATOR, Role.ORGANISATION_MANAGER)


@dataclass(frozen=True)
class Rings:
    """Somebody to ring. No number of their own: the organisation's."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Emergency:
    """Whom to ring when something happens to this young person, as they said it themselves.

    `ask_first`: home may not know everything; nobody is rung without asking them.
    """

    stay: UUID
    name: str
    contact: str
    phone: str
    ask_first: bool


def group_of_the_card(meeting: Meeting) -> Group:
    """The group of a meeting, with the organisation that stands behind it."""
    return Group.objects.select_related("location__organisation").get(pk=meeting.group_id)


def whom_to_ring(group: Group, user: User) -> list[Rings]:
    """The other workers of this group, its coordinator and its manager; wants `location`."""
    place = group.location
    rows = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(
            Q(role=Role.YOUTH_WORKER, group=group)
            | Q(role=Role.REGIONAL_COORDINATOR, region=place.region_id)
            | Q(role=Role.ORGANISATION_MANAGER, organisation=place.organisation_id),
            user__is_active=True,
        )
        .exclude(user=user)
        .select_related("user__contact")
        .order_by(alphabetical("user__name"), "user")
    )
    found = {(row.role, row.user_id): _rings(row) for row in rows}
    return [found[key] for key in sorted(found, key=lambda key: ORDER.index(Role(key[0])))]


def _rings(row: RoleAssignment) -> Rings:
    contact = row.user.contact
    phone = (contact.phone or "") if contact is not None else ""
    return Rings(row.user.name, str(Role(row.role).label), phone)


def emergency_contacts(meeting: Meeting, stays: Iterable[UUID], user: Viewer) -> list[Emergency]:
    """Of everybody on this sheet, by call name; less whoever this worker stays out of."""
    of = {"participant": OuterRef("participant")}
    careful = Exists(HomeSilence.objects.in_force().filter(**of)) | Exists(
        UnsafeHome.objects.filter(trajectory__participant=OuterRef("participant"), ended_at=None)
    )
    rows: Any = (
        Trajectory.objects.visible_to(user)
        .filter(pk__in=list(stays))
        .select_related("participant")
        .annotate(ask_first=careful)
        .order_by(*by_call_name())
    )
    return [
        Emergency(
            row.pk,
            row.shown_name,
            row.participant.emergency_name,
            row.participant.emergency_phone or "",
            row.ask_first,
        )
        for row in rows
    ]
