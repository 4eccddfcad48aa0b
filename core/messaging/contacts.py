"""Safe contact: how somebody may be reached, and that nothing more is sent."""

from datetime import date, time
from typing import Any

from django.db import transaction

from core import clock
from core.accounts.actors import Actor
from core.encryption import keyed_hash
from core.locks import lock_copy
from core.mailbox import same_address
from core.messaging.models import Contact

CHANGEABLE = {
    "name",
    "language",
    "birth_date",
    "email",
    "phone",
    "safe_channels",
    "safe_from",
    "safe_until",
    "shared_mailbox",
    "not_at_home",
}


def address_hash(email: str) -> bytes:
    """Finds the same address again (duplicates, bounces, erasure) however it was typed."""
    return keyed_hash(same_address(email), "email")


def create_contact(
    *,
    name: str,
    email: str = "",
    phone: str = "",
    language: str = "nl",
    birth_date: date | None = None,
    safe_channels: list[str] | None = None,
    safe_from: time | None = None,
    safe_until: time | None = None,
    shared_mailbox: bool = False,
    not_at_home: bool = False,
) -> Contact:
    """A person who may be written to; without `safe_channels` every given address is safe."""
    email = same_address(email)
    if safe_channels is None:
        safe_channels = [c for c, given in (("email", email), ("phone", phone)) if given]
    return Contact.objects.create(
        name=name,
        email=email,
        email_hash=address_hash(email) if email else None,
        phone=phone,
        language=language,
        birth_date=birth_date,
        safe_channels=safe_channels,
        safe_from=safe_from,
        safe_until=safe_until,
        shared_mailbox=shared_mailbox,
        not_at_home=not_at_home,
    )


@transaction.atomic
def change_contact(*, contact: Contact, by: Actor, **changes: Any) -> Contact:
    """Change how somebody may be reached; raises ValueError for a field that is not an address."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise ValueError(f"Not a way to reach somebody: {sorted(unknown)}")
    locked = lock_copy(contact)
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.email = same_address(locked.email)
    locked.email_hash = address_hash(locked.email) if locked.email else None
    locked.save()
    return locked


@transaction.atomic
def stop_writing_to(*, contact: Contact, reason: str) -> bool:
    """From now on no message leaves for this contact, whatever waits in the outbox; False: again.

    The lower half of `participants.stay.no_messages.send_nothing_more`, which is the act: it locks
    the stays first. Here only the contact is locked.
    """
    locked = lock_copy(contact)
    if locked.stopped_at is not None:
        return False
    locked.stopped_at = clock.now()
    locked.stopped_reason = reason
    locked.save(update_fields=["stopped_at", "stopped_reason"])
    return True


@transaction.atomic
def welcome_messages(*, contact: Contact, by: Actor) -> Contact:
    """Messages are welcome again, by an own act of this person. The caller ends the holds.

    What was queued before the stop was settled then and does not leave after all.
    """
    locked = lock_copy(contact)
    locked.stopped_at, locked.stopped_reason = None, ""
    locked.save(update_fields=["stopped_at", "stopped_reason"])
    return locked


@transaction.atomic
def hold_messages(*, contact: Contact) -> None:
    """What waits for this person waits on, and so does what is written, except codes they ask for.

    Locks the contact; who holds or lets go has locked the stays before it.
    """
    locked = lock_copy(contact)
    if locked.held_since is None:
        locked.held_since = clock.now()
        locked.save(update_fields=["held_since"])


@transaction.atomic
def let_messages_go(*, contact: Contact) -> None:
    """A person talked with them: what is still wanted leaves. Locks the contact."""
    locked = lock_copy(contact)
    locked.held_since = None
    locked.save(update_fields=["held_since"])
