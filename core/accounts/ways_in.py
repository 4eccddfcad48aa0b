"""Who comes in how: the one answer for every letter, page and to-do (R-341, docs/adr/0023).

A mailed code opens an account when the account has that address and the person called mail safe.
Where more than one young person uses the mailbox, whoever holds the code also says who they are,
by birth date. Where that tells nobody apart (twins), or where home may not know, a mailed code
opens nothing and a worker hands one over (C-41). Nobody's name is ever told to the others.

The rule is one expression, `way`; `door_of` and `doors_of` ask it of contacts, `at` of an address.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from core.accounts.models import User
from core.messaging.models import Contact, Message
from core.ready_made import ReadyMade, as_tuple, many


class Way(StrEnum):
    MAIL = "mail"
    MAIL_AND_BIRTHDAY = "mail_and_birthday"
    WORKER = "worker"


@dataclass(frozen=True)
class Door:
    """How one young person comes in. `among_others`: others whom we know use this mailbox too."""

    way: Way
    among_others: bool = False
    bounced: bool = False

    @property
    def by_mail(self) -> bool:
        """May be told that a code comes by mail."""
        return self.way != Way.WORKER and not self.bounced

    @property
    def asks_birthday(self) -> bool:
        return self.way == Way.MAIL_AND_BIRTHDAY


def way(user: str, contact: str) -> Case:
    """The Way as a column; the paths lead to account and contact (`participant__user__`)."""
    others = _others(contact)
    twins = others.filter(birth_date=OuterRef(f"{contact}birth_date"))
    has_address = Q(
        **{
            f"{user}is_active": True,
            f"{user}email": F(f"{contact}email"),
            f"{contact}safe_channels__contains": [Contact.Channel.EMAIL],
        }
    )
    told_apart = Q(**{f"{contact}birth_date__isnull": False, f"{contact}not_at_home": False})
    return Case(
        When(has_address & ~Exists(others), then=Value(Way.MAIL)),
        When(has_address & told_apart & ~Exists(twins), then=Value(Way.MAIL_AND_BIRTHDAY)),
        default=Value(Way.WORKER),
        output_field=CharField(),
    )


def bounces(contact: str) -> QuerySet[Message]:
    """Mails that the mailbox refused, with none that arrived since; outer rows have a contact."""
    to_this = Message.objects.filter(
        contact=OuterRef(f"{contact}pk"), channel=Message.Channel.EMAIL
    )
    arrived = Message.objects.filter(
        contact=OuterRef("contact"),
        channel=Message.Channel.EMAIL,
        state=Message.State.SENT,
        written_at__gt=OuterRef("written_at"),
    )
    refused = to_this.filter(state=Message.State.DEAD, reason__startswith="smtp_5")
    return refused.filter(~Exists(arrived))


def doors_of(contacts: Collection[UUID]) -> dict[UUID, Door]:
    """The doors of these people; a contact that is no young person's (a parent's) has none."""
    found = _DOORS(contacts=list(contacts))
    return {pk: Door(Way(by), among, refused) for pk, by, among, refused in found}


def _doors(*, contacts: list[UUID]) -> QuerySet[Contact, Any]:
    rows: QuerySet[Contact, Any] = (
        Contact.objects.filter(pk__in=contacts, birth_date__isnull=False)
        .annotate(way=way("user__", ""), among=Exists(_others("")), refused=Exists(bounces("")))
        .values_list("pk", "way", "among", "refused")
    )
    return rows


_DOORS = ReadyMade(as_tuple, _doors, contacts=many)


def door_of(contact: Contact) -> Door:
    """As `doors_of`, of one; without a birth date: nobody else's, and nothing to promise."""
    if contact.birth_date is None:
        return Door(Way.WORKER)
    return doors_of([contact.pk])[contact.pk]


def to_mail(address: str) -> User | None:
    """Whose contact a code for this address leaves by; None: no code opens anything here."""
    return next((user for user, by in _at(address) if by != Way.WORKER), None)


def asks_who(address: str) -> bool:
    """After the right code: does the page have to ask who is there?"""
    return [by for _user, by in _at(address)] != [Way.MAIL]


def behind(address: str, born: date | None = None) -> User | None:
    """The account that the right code for this address opens; `born` as it was typed, if asked.

    None: nobody, or more than one. The two are never told apart.
    """
    there = _at(address)
    if [by for _user, by in there] == [Way.MAIL]:
        return there[0][0]
    theirs = [
        user
        for user, by in there
        if by == Way.MAIL_AND_BIRTHDAY and user.contact and user.contact.birth_date == born
    ]
    return theirs[0] if born is not None and len(theirs) == 1 else None


def _at(address: str) -> list[tuple[User, Way]]:
    """The young people whose account has this address, and the way of each."""
    rows = User.objects.participants().filter(email=address, is_active=True)
    rows = rows.select_related("contact").annotate(way=way("", "contact__"))
    return [(user, Way(vars(user)["way"])) for user in rows.order_by("joined_at", "pk")]


def _others(contact: str) -> QuerySet[Contact]:
    """Other young people with the mailbox of the contact at this path, with an account or not.

    Only they have a birth date: a parent who mails from the same address does not sign in.
    """
    same = Contact.objects.filter(
        email_hash=OuterRef(f"{contact}email_hash"), birth_date__isnull=False
    )
    return same.exclude(pk=OuterRef(f"{contact}pk"))
