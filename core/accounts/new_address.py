"""Another address to sign in with: it counts when a code that went there came back (R-341).

Nothing is kept between asking and answering: the page that asks for the code carries a signed
ticket with the address and a keyed hash of the code, for one account as it is now. So whoever goes
away half way changed nothing, two tabs each hold their own, and after a change every older ticket
is dead. Only the young person does this; no worker can move somebody's door.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts import ways_in
from core.accounts.models import User
from core.accounts.signin import end_sessions
from core.errors import RuleBroken
from core.ids import uuid7
from core.locks import lock_copy, lock_one, lock_value
from core.mailbox import same_address
from core.messaging import outbox
from core.messaging.contacts import address_hash, change_contact
from core.messaging.models import Contact
from core.tokens import token_hash

SALT = "accounts.new_address"
SECONDS = 15 * 60


@dataclass(frozen=True)
class Ticket:
    """What the page asks about, as it was asked."""

    epoch: int
    email: str
    read_by_others: bool
    number: str
    hashed: str


@transaction.atomic
def ask_new_address(*, user: User, email: str, by: User, read_by_others: bool = False) -> str:
    """Mail a code to the new address; returns the ticket for the page that asks for it.

    Whoever uses this address already is answered alike: nobody learns here who is known.
    """
    contact, address = _contact_of(user), same_address(email)
    code = f"{secrets.randbelow(10**6):06}"
    number = str(uuid7())
    outbox.write(
        contact=contact,
        template="new_address_code",
        kind="new_address_code",
        dedupe_key=f"accounts.new_address_code:{number}",
        secret={"code": code, outbox.TO: address},
        subject_id=user.pk,
        urgency=outbox.IMMEDIATE,
    )
    kept = [str(user.pk), user.session_epoch, address, read_by_others, number, _hash(number, code)]
    return signing.dumps(kept, salt=SALT)


def read_ticket(user: User, ticket: str) -> Ticket | None:
    """None: too late, another account's, or the address moved since."""
    try:
        kept: list[Any] = signing.loads(ticket, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    if kept[:2] != [str(user.pk), user.session_epoch]:
        return None
    return Ticket(*kept[1:])


@transaction.atomic
def confirm_new_address(*, user: User, asked: Ticket, code: str, by: User) -> User:
    """The code came back: from now on this is the address. Every session ends.

    Raises RuleBroken: "wrong_code", "used" (in another tab), and what `change_sign_in_address`
    says.
    """
    digits = "".join(sign for sign in code if sign.isdecimal())
    if not secrets.compare_digest(_hash(asked.number, digits), asked.hashed):
        raise RuleBroken(
            _("This is not the right code. Look at it once more."), "wrong_code", "code"
        )
    if asked.epoch != _lock(user)[1].session_epoch:
        raise RuleBroken(_("This code was used already."), "used", "code")
    return change_sign_in_address(
        user=user, email=asked.email, by=by, read_by_others=asked.read_by_others
    )


@transaction.atomic
def change_sign_in_address(
    *,
    user: User,
    email: str,
    by: User | None,
    read_by_others: bool | None = None,
) -> User:
    """Another address for the account and for its mail; every session ends.

    The old mailbox gets a note, for who did not do this themselves. Locks contact, then account,
    then the address: twins who move there at once are told apart as well.
    Raises RuleBroken: "professional" (one of them has the address), "not_told_apart" (a code that
    goes there would open nothing).
    """
    (contact, locked), address = _lock(user), same_address(email)
    lock_value("address", address_hash(address))
    taken = User.objects.filter(email=address).exclude(pk=user.pk)
    if (taken.staff() if locked.is_participant else taken).exists():
        raise RuleBroken(
            _("Somebody who works for Join Us has this address. Fill in one of your own."),
            "professional",
            "code",
        )
    old, locked.email = locked.email, address
    locked.save(update_fields=["email"])
    if contact is None:
        end_sessions(user=locked)
        return locked
    safe = sorted({*contact.safe_channels, Contact.Channel.EMAIL.value})
    changes: dict[str, Any] = {"email": address, "safe_channels": safe}
    if read_by_others is not None:
        changes["shared_mailbox"] = read_by_others
    was_safe = Contact.Channel.EMAIL in contact.safe_channels
    locked.contact = change_contact(contact=contact, by=by, **changes)
    if locked.is_participant and ways_in.door_of(locked.contact).way == ways_in.Way.WORKER:
        raise RuleBroken(
            _("You cannot sign in with this address, others use it too. Fill in one of your own."),
            "not_told_apart",
            "code",
        )
    end_sessions(user=locked)
    if old and old != address and was_safe:
        outbox.write(
            contact=locked.contact,
            template="address_changed",
            kind="address_changed",
            dedupe_key=f"accounts.address_changed:{uuid7()}",
            secret={outbox.TO: old},
            subject_id=user.pk,
            urgency=outbox.IMMEDIATE,
        )
    return locked


def _lock(user: User) -> tuple[Contact | None, User]:
    contact = lock_one(Contact.objects.filter(pk=user.contact_id)) if user.contact_id else None
    return contact, lock_copy(user)


def _contact_of(user: User) -> Contact:
    if user.contact is None:
        raise RuleBroken(_("This cannot be done here. Ask your youth worker."), "no_contact")
    return user.contact


def _hash(number: str, code: str) -> str:
    return token_hash(f"{number}:{code}", "new_address").hex()
