"""After signing up: something in hand, on the channel that was given (R-339, R-349).

The message says that the sign-up has arrived, and leads to a page where a mistyped name, number or
address is mended and the sign-up taken back. The form says the same to everybody, so whoever
fills it in for somebody we know gets the same page and, on an address we do not know for them, the
same mail: nobody finds out that way whether somebody takes part. What is mended there stays there.

Safe contact is obeyed: a mailbox that others read, or a home that may not know, gets words that
say nothing; both together get none. One address gets a few such mails a day, whatever is typed.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.errors import RuleBroken
from core.locks import lock_again
from core.mailbox import canonical_mailbox
from core.messaging import outbox
from core.messaging.contacts import address_hash, change_contact, create_contact
from core.messaging.models import Contact, Message
from core.ports import About
from core.tokens import new_token, token_hash
from participants.journey import journey
from participants.models import Participant, SignUpReceipt, Trajectory
from participants.stay.lock import lock_person

Phase = Trajectory.Phase
PURPOSE = "sign_up_receipt"
KIND = "participants.signed_up"
#: What a public form sends to an address that anybody can type, and how often in a day (R-370).
FROM_PUBLIC_FORMS = (KIND, "participants.interest_kept")
MOST_A_DAY = 3
KEPT = timedelta(days=30)


def may_mail(email: str) -> bool:
    """Whether a public form may still write to this address today, whoever typed it. A mailbox with
    many spellings (`bo+1@`, `b.o@`) is one.
    """
    mailbox = address_hash(canonical_mailbox(email)).hex()
    place = f"public-mail:{clock.today()}:{mailbox}"
    cache.add(place, 0, timeout=24 * 60 * 60)
    lately = Message.objects.filter(
        contact__in=Contact.objects.filter(email_hash=address_hash(email)),
        kind__in=FROM_PUBLIC_FORMS,
        written_at__gt=clock.now() - timedelta(days=1),
    )
    return lately.count() < MOST_A_DAY and int(cache.incr(place)) <= MOST_A_DAY


def begin(stay: Trajectory, *, typed: dict[str, Any] | None = None) -> Message | None:
    """The receipt of a stay that just began, and its message, not written yet. In the caller's
    transaction. `typed`: by somebody we know already, of whom whoever fills in the form may know
    no more than an address and a birthday: they read and mend what they typed, nothing of before.
    """
    receipt = SignUpReceipt(
        id=stay.pk,
        trajectory=stay,
        contact=stay.participant.contact if typed is None else create_contact(**typed),
        own=typed is None,
        made_on=clock.today(),
    )
    letter = _letter(receipt, stay)
    receipt.save(force_insert=True)
    return letter


def knocked(
    *, key: UUID, stay: Trajectory, call_name: str, known_there: bool, **contact: Any
) -> None:
    """Somebody we know filled in the form: a receipt as anybody's. `known_there`: that address is
    theirs already and had its mail. Its contact has no birth date: nobody signs in by it.

    In the caller's transaction; the same form again is the same.
    """
    if SignUpReceipt.objects.filter(pk=key).exists():
        return
    receipt = SignUpReceipt(
        id=key,
        trajectory=stay,
        contact=create_contact(name=call_name, **contact),
        own=False,
        made_on=clock.today(),
    )
    letter = None if known_there or not receipt.contact.email else _letter(receipt, None)
    receipt.save(force_insert=True)
    if letter is not None:
        outbox.write_all([letter])


def find(subject: str) -> SignUpReceipt | None:
    """The receipt behind `by_link` or `by_key`, while it works; changes nothing."""
    kind, _colon, value = subject.partition(":")
    rows = SignUpReceipt.objects.filter(
        made_on__gt=clock.today() - KEPT, taken_back_at__isnull=True
    ).select_related("trajectory__group", "trajectory__participant", "contact")
    if kind == "link":
        return rows.filter(token_hash=bytes.fromhex(value)).first()
    return rows.filter(pk=value).first()


def by_link(token: str) -> str:
    return f"link:{token_hash(token, PURPOSE).hex()}"


def by_key(key: UUID) -> str:
    return f"key:{key}"


def may_correct(receipt: SignUpReceipt) -> bool:
    """Until somebody spoke them; then a person knows better than a form. A knock has no stay."""
    stay = receipt.trajectory
    spoken = stay.phase != Phase.SIGNED_UP or stay.contacted_at is not None
    return not (_began(receipt) and spoken)


def _began(receipt: SignUpReceipt) -> bool:
    """Did this very form begin the stay? Its number is the stay's then."""
    return bool(receipt.pk == receipt.trajectory_id)


@transaction.atomic
def correct(*, receipt: SignUpReceipt, call_name: str, address: str, by: Actor = None) -> None:
    """The name, and the address of the channel that was chosen, as they should have been.

    Another mailbox gets the message anew and the link in the old one is dead. Locks the stays, the
    person and the contact, then the receipt. Raises RuleBroken: spoken_already, has_account, over.
    """
    contact = _lock(receipt)
    if receipt.taken_back_at is not None:
        raise RuleBroken(_("You took your sign-up back. You can sign up again."), code="over")
    if _began(receipt):
        person = receipt.trajectory.participant
        if not may_correct(receipt):
            raise RuleBroken(
                _("You have been in touch already. Tell your youth worker what is not right."),
                code="spoken_already",
            )
        if receipt.own:
            _rename(person, call_name)
    channel = channel_of(contact)
    field = "email" if channel == "email" else "phone"
    before = contact.email
    if receipt.own and receipt.trajectory.participant.user_id and field == "email":
        _keeps_the_door(before, address)
    receipt.contact = change_contact(contact=contact, by=by, name=call_name, **{field: address})
    if field == "email" and receipt.contact.email != before:
        outbox.withdraw(kind=KIND, subject_id=receipt.pk, reason="corrected")
        letter = _letter(receipt, receipt.trajectory if receipt.own else None)
        if letter is None:
            receipt.token_hash = None
        receipt.save(update_fields=["token_hash"])
        if letter is not None:
            outbox.write_all([letter])


@transaction.atomic
def take_back(*, receipt: SignUpReceipt, by: Actor = None) -> None:
    """They do not want to join after all: no reason asked; signing up again stays possible.

    Twice is once. Locks as `correct`. Raises RuleBroken taking_part: whoever is in a group stops
    there.
    """
    _lock(receipt)
    if receipt.taken_back_at is not None:
        return
    if _began(receipt):
        stay = receipt.trajectory
        if stay.phase not in Phase.ARRIVING:
            raise RuleBroken(
                _("You are further on already. Tell your youth worker that you want to stop."),
                code="taking_part",
            )
        journey.withdraw_sign_up(trajectory=stay, by=by)
    outbox.withdraw(kind=KIND, subject_id=receipt.pk, reason="taken_back")
    receipt.taken_back_at = clock.now()
    receipt.save(update_fields=["taken_back_at"])


def _lock(receipt: SignUpReceipt) -> Contact:
    """All that a page changes, locked and read afresh; whom it reaches."""
    stay, contact = receipt.trajectory, receipt.contact
    if _began(receipt):
        lock_person(stay.participant)
        stay.refresh_from_db(fields=["phase", "contacted_at"])
    if receipt.own:
        contact = stay.participant.contact
    else:
        lock_again(contact)
    lock_again(receipt)
    receipt.trajectory, receipt.contact = stay, contact
    return contact


def channel_of(contact: Contact) -> str:
    """The one way that was chosen as safe."""
    return contact.safe_channels[0] if contact.safe_channels else "email"


def over(day: date) -> QuerySet[SignUpReceipt]:
    """Pages that no longer work."""
    return SignUpReceipt.objects.filter(made_on__lte=day - KEPT).select_related("contact")


@transaction.atomic
def forget(receipt: SignUpReceipt) -> None:
    """The page goes; what was typed by somebody who knocked goes with it."""
    contact = None if receipt.own else receipt.contact
    outbox.withdraw(kind=KIND, subject_id=receipt.pk, reason="over")
    receipt.delete()
    if contact is not None:
        contact.messages.all().delete()
        contact.delete()


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: only while the page can still mend something."""
    if kind != KIND:
        return None
    rows = SignUpReceipt.objects.filter(
        pk__in={about.subject for about in asked}, taken_back_at__isnull=True
    ).select_related("trajectory")
    wanted = {row.pk for row in rows if may_correct(row)}
    return {about for about in asked if about.subject in wanted}


def _letter(receipt: SignUpReceipt, stay: Trajectory | None) -> Message | None:
    """The message with a link of its own, not written yet; the caller saves the receipt. None
    where safe contact says nothing may be sent, or the address had its share of today.
    """
    contact = receipt.contact if stay is None else stay.participant.contact
    if contact.shared_mailbox and contact.not_at_home:
        return None
    by_mail = channel_of(contact) == "email"
    if by_mail and not may_mail(contact.email):
        return None
    token = new_token()
    receipt.token_hash = token_hash(token, PURPOSE)
    quiet = contact.shared_mailbox or contact.not_at_home
    return outbox.letter(
        contact=contact,
        template="signed_up_quiet" if quiet else "signed_up",
        kind=KIND,
        dedupe_key=f"{KIND}:{receipt.pk}:{receipt.token_hash.hex()[:16]}",
        subject_id=receipt.pk,
        group=stay.group if stay is not None else None,
        urgency=outbox.IMMEDIATE,
        params={"call_name": contact.name},
        secret={
            "page_url": settings.SITE_URL.rstrip("/")
            + reverse("participants:receipt_link", args=[token])
        },
    )


def _rename(person: Participant, call_name: str) -> None:
    if person.call_name != call_name:
        person.call_name = call_name
        person.save(update_fields=["call_name"])


def _keeps_the_door(before: str, address: str) -> None:
    if address_hash(before) != address_hash(address):
        raise RuleBroken(
            _("This address opens your page. Tell your youth worker that it is another one."),
            code="has_account",
            field="address",
        )
