"""Whom a young person can turn to, by name and with a number, in every phase (R-348).

The workers of the group who go on with the stay; without a group, or when each of them stays out,
the coordinator of the region. Who has no number of their own is rung at the organisation, which
then stands there once. Where no number is known at all, *you may call me* stands there instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.accounts.models import User
from core.messaging.models import Contact
from core.names import alphabetical
from core.organisations.models import Organisation
from participants.models import Trajectory
from participants.recusal.recusal import coordinators_of, guides_of
from participants.signup.sign_up import organisation_of


@dataclass(frozen=True)
class Helper:
    """Somebody to turn to. `phone`: their own number; empty: ring the organisation."""

    user: User
    name: str
    phone: str


@dataclass(frozen=True)
class Help:
    """`number` of `whose`: the organisation's, where somebody here has none of their own.

    `hears`: they find *you may call me* among what waits for them. `calls`: a call is safe; else
    they get in touch in the way that is.
    """

    people: list[Helper]
    coordinates: bool
    whose: str
    number: str
    hears: bool
    calls: bool

    @property
    def rings(self) -> str:
        """The one number to begin with."""
        own = (one.phone for one in self.people if one.phone)
        return next(own, self.number)


def help_for(stay: Trajectory | None) -> Help:
    """Everything on the page of this stay; nobody and nothing for who has no stay (yet)."""
    if stay is None:
        return Help([], False, "", "", False, calls=True)
    guides = guides_of(stay)
    people = guides or list(coordinators_of(stay).select_related("contact", "portrait"))
    helpers = [Helper(user, user.first_name, _phone_of(user)) for user in people]
    organisation = (
        _organisation(stay) if not all(one.phone for one in helpers) or not people else None
    )
    return Help(
        helpers,
        coordinates=bool(people) and not guides,
        whose=organisation.name if organisation else "",
        number=organisation.phone if organisation else "",
        hears=bool(guides) or (bool(people) and _arrives_without_a_group(stay)),
        calls=call_is_safe(stay.participant.contact.safe_channels),
    )


def call_is_safe(channels: Sequence[str]) -> bool:
    """A number that is only for WhatsApp is not rung."""
    return Contact.Channel.PHONE in channels


def who_calls(stay: Trajectory) -> list[User]:
    """Who finds *you may call me* among what waits; nobody: then it is not offered."""
    if guides := guides_of(stay):
        return guides
    return list(coordinators_of(stay)) if _arrives_without_a_group(stay) else []


def _arrives_without_a_group(stay: Trajectory) -> bool:
    return stay.group_id is None and stay.phase in Trajectory.Phase.ARRIVING


def _phone_of(user: User) -> str:
    return (user.contact.phone or "") if user.contact_id and user.contact else ""


def _organisation(stay: Trajectory) -> Organisation | None:
    """Who runs the group; without one, an organisation of the region that can be rung."""
    if stay.group_id:
        return organisation_of(stay.group_id)
    near = Organisation.objects.filter(locations__region=stay.region_id).exclude(phone="")
    return near.order_by(alphabetical("name"), "pk").first()
