"""Telephone numbers: read however they are typed, kept in one form, shown as people write them.

Kept is E.164 (+31612345678), so that two spellings are one number wherever they are compared.
Libphonenumber reads them, a number without a country is Dutch. What nobody can be reached at (too
short, too long, no such range, 0900 at so much a minute) is refused at the field (R-342). A row
from before that nobody can read stays as it was typed, and is shown as it stands.
"""

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from core.cleaning import in_form

HOME = "NL"
#: What people write before a number; the rest of a text with letters in it is no number.
LABELS = ("telefoonnummer", "telefoon", "telephone", "mobiel", "mobile", "phone", "tel", "mob")
#: Who calls these pays for it: nobody's own number.
PAID = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
PLUS = "+"
#: Dutch numbers of nine figures, on which a list need not lose time.
_ORDINARY = re.compile(r"\+31[1-7]\d{8}", re.ASCII)


class Unreachable(ValueError):
    """Nobody can be reached at what was typed."""


def read_number(typed: str) -> str:
    """`06-1234 5678`, `0031 (0)6...`, `tel:+31 6...` -> +31612345678.

    Raises Unreachable. Nothing typed is "".
    """
    text = in_form("NFKC", typed).strip().casefold()
    for label in LABELS:
        if text.startswith(label):
            text = text[len(label) :].lstrip(" .:")
            break
    if any(sign.isalpha() for sign in text):
        raise Unreachable(typed)
    signs = _signs(text)
    if not signs:
        if text and any(sign.isprintable() and not sign.isspace() for sign in text):
            raise Unreachable(typed)
        return ""
    number = _parsed(signs)
    if number is None or not phonenumbers.is_valid_number(number):
        raise Unreachable(typed)
    if phonenumbers.number_type(number) in PAID:
        raise Unreachable(typed)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def same_number(typed: str) -> str:
    """The one spelling in which numbers are kept and compared; unreadable: as it was typed."""
    try:
        return read_number(typed)
    except Unreachable:
        return typed.strip()


def shown(number: str) -> str:
    """+31612345678 -> `06 12345678`, +32470123456 -> `+32 470 12 34 56`; else as it stands."""
    if _ORDINARY.fullmatch(number) and number.startswith("+316"):
        return f"06 {number[4:]}"
    kept = _kept(number)
    if kept is None:
        return number
    dutch = phonenumbers.region_code_for_number(kept) == HOME
    form = PhoneNumberFormat.NATIONAL if dutch else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(kept, form)


def dial(number: str) -> str:
    """What a `tel:` link dials: E.164, or the Dutch figures where abroad cannot dial them (14 030).

    Of a number that nobody can read the figures and the plus.
    """
    if _ORDINARY.fullmatch(number):
        return number
    number = same_number(number)
    kept = _kept(number)
    if kept is None:
        return _signs(in_form("NFKC", number))
    if phonenumbers.can_be_internationally_dialled(kept):
        return number
    return phonenumbers.format_number_for_mobile_dialing(kept, HOME, False) or number


def _kept(number: str) -> PhoneNumber | None:
    """The number, when this is how we keep one."""
    if not number.startswith(PLUS) or not number[1:].isdecimal():
        return None
    return _parsed(number)


def _parsed(signs: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(signs, HOME)
    except phonenumbers.NumberParseException:
        return None


def _signs(text: str) -> str:
    """The figures of any script as 0-9, and the plus that stands before them."""
    figures = "".join(str(unicodedata.decimal(s)) for s in text if s.isdecimal())
    before = next((s for s in text if s == PLUS or s.isdecimal()), "")
    return PLUS + figures if before == PLUS and figures else figures
