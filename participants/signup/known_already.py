"""Is it somebody we know? Who signs up again is found by birthday, address, name and postcode."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.mailbox import same_mailbox, same_spelling
from core.messaging.contacts import change_contact
from core.messaging.models import Contact
from core.names import plain
from core.ready_made import ReadyMade, row_of
from core.telephone import same_number
from participants.models import Participant


def same_person(
    call_name: str, birth_date: date, postcode: str, *, shared: bool, email: str, phone: str
) -> Participant | None:
    """Somebody we know: the same birthday, and the same address or the same name and postcode.
    A name is the same whatever its accents, capitals and hyphens.

    An address that others read as well may be a twin's: there another call name is another person.
    """
    by_address = by_name = None
    for person in _BORN(day=birth_date):
        named = plain(person.call_name) == plain(call_name)
        if same_address(person, email=email, phone=phone):
            if named or not (shared or person.contact.shared_mailbox):
                by_address = person
        elif person.postcode == postcode and named:
            by_name = person
    return by_address or by_name


_PERSON, _person = row_of(
    Participant, ("id", "user_id", "contact_id", "call_name", "birth_date", "postcode")
)
_CONTACT, _contact = row_of(Contact, ("id", "email", "phone", "shared_mailbox"))


def _born(*, day: date) -> QuerySet[Participant, Any]:
    found: QuerySet[Participant, Any] = (
        Participant.objects.filter(birth_date=day)
        .order_by("created_at")
        .values_list(*_PERSON, *(f"contact__{name}" for name in _CONTACT))
    )
    return found


def _with_contact(*columns: Any) -> Participant:
    person = _person(*columns[: len(_PERSON)])
    person.contact = _contact(*columns[len(_PERSON) :])
    return person


_BORN = ReadyMade(_with_contact, _born, day=date)


def same_address(person: Participant, *, email: str, phone: str) -> bool:
    contact = person.contact
    if same_mailbox(contact.email, email):
        return True
    return bool(phone and contact.phone) and same_number(contact.phone) == same_number(phone)


def moves_the_door(person: Participant, email: str) -> bool:
    """Another mailbox would get the sign-in codes of an account, with all that was kept behind it.

    Who knows a telephone and a birthday is not yet this person: then it is somebody new, and the
    worker who meets them sees the two.
    """
    kept = person.contact.email
    return bool(person.user_id and email and kept and not same_spelling(kept, email))


def refresh_contact(
    person: Participant,
    safe_channels: list[str] | None,
    shared_mailbox: bool,
    not_at_home: bool,
    **addresses: str,
) -> None:
    """Somebody comes back: the newly chosen channel counts, earlier cautions stay."""
    changes: dict[str, Any] = {name: value for name, value in addresses.items() if value}
    if safe_channels is not None:
        changes["safe_channels"] = safe_channels
    change_contact(
        contact=person.contact,
        by=None,
        shared_mailbox=shared_mailbox or person.contact.shared_mailbox,
        not_at_home=not_at_home or person.contact.not_at_home,
        **changes,
    )
