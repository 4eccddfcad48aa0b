"""The own address to sign in with, changed by the young person alone (R-341).

What an address must be to let somebody in is `core.accounts.new_address`; here stands what only
this floor knows: it is no parent's and no referrer's, in any spelling (R-347).
"""

from typing import Any

from django.utils.translation import gettext as _

from core.accounts import new_address
from core.accounts.models import User
from core.errors import RuleBroken
from core.mailbox import same_address, same_mailbox
from participants.models import Guardian, Participant, Referrer


def ask(*, participant: Participant, email: str, by: User, read_by_others: bool) -> str:
    """Mail a code to the new address; returns the ticket for the page that asks for it.

    Raises RuleBroken: "same_address", "address_of_parent",
    "address_of_referrer", and what `ask_new_address` raises.
    """
    address = same_address(email)
    if address == by.email and address == participant.contact.email:
        raise RuleBroken(_("This is the address we have already."), "same_address", "email")
    _of_nobody_near(participant, address)
    return new_address.ask_new_address(user=by, email=address, by=by, read_by_others=read_by_others)


def confirm(*, participant: Participant, asked: new_address.Ticket, code: str, by: User) -> User:
    """The code came back; asked anew whether the address has become a parent's meanwhile."""
    _of_nobody_near(participant, asked.email)
    return new_address.confirm_new_address(user=by, asked=asked, code=code, by=by)


def _of_nobody_near(participant: Participant, address: str) -> None:
    if any(same_mailbox(address, known) for known in _of(Guardian, participant=participant)):
        raise RuleBroken(
            _("This is the address of one of your parents. Fill in one of your own."),
            "address_of_parent",
            "email",
        )
    tied = {"ties__trajectory__participant": participant, "ties__ended_at": None}
    if any(same_mailbox(address, known) for known in _of(Referrer, **tied)):
        raise RuleBroken(
            _("Somebody at school or elsewhere has this address. Fill in one of your own."),
            "address_of_referrer",
            "email",
        )


def _of(whose: Any, **where: Any) -> list[str]:
    return list(whose.objects.filter(**where).values_list("contact__email", flat=True))
