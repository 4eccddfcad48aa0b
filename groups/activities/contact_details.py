"""No telephone number or address where a whole group reads along, from somebody under 18.

A number is given from person to person. What is found is read as the numbers and addresses of the
house are (`core.telephone`, `core.mailbox`), however they are typed.
"""

import re

from django.utils.translation import gettext as _

from core import clock
from core.ages import age_on
from core.cleaning import in_form
from core.errors import RuleBroken
from core.mailbox import same_address
from core.telephone import Unreachable, read_number
from participants.models import Trajectory

ADULT = 18
_NUMBER = re.compile(r"(?:\+|0|31)[\d\s().\-/]{6,}\d")
_AROUND_AT = re.compile(r"\S+\s?@\s?\S+")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_ACCOUNT = re.compile(
    r"(?<![\w@])@\w[\w.]{2,}|\b(?:wa\.me|t\.me|discord\.gg|snapchat\.com|instagram\.com)/", re.I
)


def has_contact_details(text: str) -> bool:
    """Does a number, an e-mail address or the name of an account stand in it?"""
    plain = in_form("NFKC", text)
    if _ACCOUNT.search(plain):
        return True
    if any(_is_number(found) for found in _NUMBER.findall(plain)):
        return True
    return any(_ADDRESS.fullmatch(same_address(found)) for found in _AROUND_AT.findall(plain))


def _is_number(found: str) -> bool:
    try:
        return bool(read_number(found))
    except Unreachable:
        return False


def refuse_contact_details(stay: Trajectory | None, **texts: str) -> None:
    """Who is under 18 types none here; `texts` by the name of their field. Nobody: a worker.

    Raises RuleBroken: contact_details.
    """
    if stay is None or age_on(stay.participant.birth_date, clock.today()) >= ADULT:
        return
    for field, text in texts.items():
        if has_contact_details(text):
            raise RuleBroken(
                _(
                    "The whole group reads this. Leave out telephone numbers, e-mail addresses and"
                    " account names; you can give yours yourself to whoever you like."
                ),
                "contact_details",
                field,
            )
