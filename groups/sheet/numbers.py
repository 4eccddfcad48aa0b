"""Whom a worker rings when something happens at a meeting: who runs it, and who somebody named.

A number of a parent or guardian is not among them, also when the young person named them: those
are looked up with a connection, where what is safe at home is asked (trust.md 13).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.names import alphabetical
from core.organisations.models import Group
from core.telephone import shown as number_shown
from groups.models import Meeting
from groups.sheet.rows import OnSheet
from participants.models import Participant, Trajectory


@dataclass(frozen=True)
class Number:
    """`whose`: the young person whose emergency contact this is; a role or an organisation else."""

    whose: str
    name: str
    number: str


def who_to_ring(meeting: Meeting, rows: Iterable[OnSheet], user: User) -> list[Number]:
    """First who runs the group, then the emergency contacts in the order of the sheet.

    Somebody this worker stays out of is not among them.
    """
    return [*_in_charge(meeting, user), *_named_by(row for row in rows if not row.name_only)]


def _in_charge(meeting: Meeting, user: User) -> list[Number]:
    group = Group.objects.select_related("location__organisation").get(pk=meeting.group_id)
    place, organisation = group.location, group.location.organisation
    found = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(
            Q(role=Role.ORGANISATION_MANAGER, organisation=organisation)
            | Q(role=Role.REGIONAL_COORDINATOR, region=place.region_id),
            user__is_active=True,
        )
        .exclude(user=user)
        .select_related("user__contact")
        .order_by("role", alphabetical("user__name"), "user_id")
    )
    known = [Number(capfirst(a.get_role_display()), a.user.name, _phone(a.user)) for a in found]
    known.append(Number(organisation.name, "", number_shown(organisation.phone)))
    return [one for one in known if one.number]


def _phone(user: User) -> str:
    return number_shown(user.contact.phone) if user.contact else ""


def _named_by(rows: Iterable[OnSheet]) -> list[Number]:
    names = {row.trajectory_id: row.name for row in rows if row.trial is not None}
    stays = (
        Trajectory.objects.filter(pk__in=names)
        .select_related("participant")
        .prefetch_related("participant__guardians__contact")
    )
    found = {stay.pk: stay.participant for stay in stays}
    return [
        Number(name, who.emergency_name, number_shown(who.emergency_phone))
        for key, name in names.items()
        if (who := found[key]).emergency_phone and not _is_a_guardian(who)
    ]


def _is_a_guardian(who: Participant) -> bool:
    """Is the number of the emergency contact that of a parent or guardian? Both stand in one
    spelling (core.columns)."""
    return any(one.contact.phone == who.emergency_phone for one in who.guardians.all())
