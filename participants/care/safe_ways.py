"""How somebody may be reached, and whether that is safe at this moment."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from core.messaging.models import Contact
from core.messaging.quiet_hours import in_own_hours


class Way(StrEnum):
    """The one that is offered: a call before a message, nothing where nothing is safe."""

    CALL = "call"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    NONE = ""


def ways_of(contact: Contact) -> dict[str, Any]:
    """How somebody may be reached, and nothing else: a number only where a call is safe dials."""
    ways = [] if contact.stopped_at else contact.safe_channels
    calls, texts = Contact.Channel.PHONE in ways, Contact.Channel.WHATSAPP in ways
    by_phone = bool(contact.phone) and (calls or texts)
    mails = Contact.Channel.EMAIL in ways and bool(contact.email)
    return {
        "contact": contact,
        "calls": by_phone and calls,
        "texts": by_phone and texts,
        "mails": mails,
        "reachable": by_phone or mails,
    }


def way_now(contact: Contact, moment: datetime) -> Way:
    """By the own word of this person, inside the hours they called safe.

    Nobody who said stop; while messages are held (C-48) a person may ring, no message leaves.
    """
    if not in_own_hours(moment, safe_from=contact.safe_from, safe_until=contact.safe_until):
        return Way.NONE
    ways = ways_of(contact)
    if ways["calls"]:
        return Way.CALL
    if contact.held_since is not None:
        return Way.NONE
    return Way.WHATSAPP if ways["texts"] else Way.EMAIL if ways["mails"] else Way.NONE


def others_may_read(contact: Contact) -> bool:
    """Write nothing that says more than *call me back*."""
    return contact.shared_mailbox or contact.not_at_home
