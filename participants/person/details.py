"""The own details of a participant: names, pronouns, address, emergency contact (R-002, R-099)."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_again
from core.messaging.contacts import change_contact
from participants.models import Participant
from participants.stay.lock import lock_person

CHANGEABLE = (
    "call_name",
    "full_name",
    "pronouns",
    "address",
    "emergency_name",
    "emergency_phone",
)


@transaction.atomic
def change_details(*, participant: Participant, by: User, **changes: str) -> Participant:
    """Write the given details; the call name goes along to account and contact. Locks the person.

    With another call name the stays first: the database writes it there as well (docs/adr/0019).
    Raises ValueError for a field that is not a detail, RuleBroken("call_name_needed").
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise ValueError(f"Not a detail of a person: {sorted(unknown)}")
    if "call_name" in changes:
        lock_person(participant, contact=False)
    else:
        lock_again(participant)
    if not changes.get("call_name", participant.call_name).strip():
        raise RuleBroken(
            _("How do you want to be called?"), code="call_name_needed", field="call_name"
        )
    for field, value in changes.items():
        setattr(participant, field, value.strip())
    participant.save(update_fields=list(changes))
    if "call_name" in changes:
        change_contact(contact=participant.contact, by=by, name=participant.call_name)
        if participant.user is not None:
            participant.user.name = participant.call_name
            participant.user.save(update_fields=["name"])
    return participant
