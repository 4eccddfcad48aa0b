"""Amounts of money as people type them and as they read them; kept in cents."""

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.cleaning import in_form

_AMOUNT = re.compile(
    r"(?:€|eur|euro)?\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*(?:,-|€|eur|euro)?", re.ASCII
)
_NOTHING = {"gratis", "niks", "niets", "free", "nothing"}


class NoAmount(ValueError):
    """Nobody can read an amount in it."""


def read_cents(typed: str) -> int | None:
    """`7`, `7,50`, `€ 7.5`, `7,-`, `gratis`; nothing typed is None. Raises NoAmount."""
    text = " ".join(in_form("NFKC", typed).casefold().split())
    if not text:
        return None
    if text in _NOTHING:
        return 0
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise NoAmount(typed)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def in_euros(cents: int) -> str:
    """750 -> `€ 7,50`, 700 -> `€ 7`, nothing -> *free*."""
    if not cents:
        return _("free")
    whole, rest = divmod(cents, 100)
    point = "," if get_language() == "nl" else "."
    return f"€ {whole}{point}{rest:02d}" if rest else f"€ {whole}"
