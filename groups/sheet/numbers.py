"""Whom a worker rings when something happens at a meeting, as far as a phone may keep it.

The same people as on the help card (`groups.sheet.help`), less two kinds: a parent or guardian,
also when the young person named them, and whom the card says to ask about first. Those are looked
up with a connection, where what is safe at home is said (trust.md 13).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.text import capfirst

from core.accounts.models import User
from core.telephone import shown as number_shown
from groups.models import Meeting
from groups.sheet.help import emergency_contacts, group_of_the_card, whom_to_ring
from groups.sheet.rows import OnSheet
from participants.models import Trajectory


@dataclass(frozen=True)
class Number:
    """`whose`: the young person whose emergency contact this is; a role or an organisation else.

    `stay`: of that young person.
    """

    whose: str
    name: str
    number: str
    stay: UUID | None = None


def who_to_ring(meeting: Meeting, rows: Iterable[OnSheet], user: User) -> list[Number]:
    """First who runs the group, then the emergency contacts in the order of the sheet.

    Somebody this worker stays out of is not among them.
    """
    shown = [row.trajectory_id for row in rows if row.trial is not None and not row.name_only]
    return [*_in_charge(meeting, user), *_named_by(meeting, shown, user)]


def _in_charge(meeting: Meeting, user: User) -> list[Number]:
    group = group_of_the_card(meeting)
    organisation = group.location.organisation
    known = [
        Number(capfirst(one.role), one.name, number_shown(one.phone))
        for one in whom_to_ring(group, user)
    ]
    known.append(Number(organisation.name, "", number_shown(organisation.phone)))
    return [one for one in known if one.number]


def _named_by(meeting: Meeting, stays: list[UUID], user: User) -> list[Number]:
    parents = _numbers_of_guardians(stays)
    return [
        Number(one.name, one.contact, number_shown(one.phone), one.stay)
        for one in emergency_contacts(meeting, stays, user)
        if one.phone and not one.ask_first and one.phone not in parents[one.stay]
    ]


def _numbers_of_guardians(stays: list[UUID]) -> dict[UUID, set[str]]:
    """By the stay, in the one spelling of the house (core.columns)."""
    found: dict[UUID, set[str]] = {stay: set() for stay in stays}
    people = Trajectory.objects.filter(pk__in=stays).prefetch_related(
        "participant__guardians__contact"
    )
    for stay in people:
        contacts = [one.contact for one in stay.participant.guardians.all()]
        found[stay.pk] = {contact.phone for contact in contacts if contact.phone}
    return found
