"""A day as people type it: `3-11-2009`, `3 november 2009`, `November 3rd, 2009`, `2009-11-03`.

Day before month, as here; the year first only with four figures. Months in Dutch and English, in
full or cut short, whatever language the page has. A day that does not exist is never another one,
and a year of two figures is asked again, not guessed (R-342).
"""

import contextlib
import re
from datetime import date

from core.cleaning import in_form, one_line

MONTHS = (
    ("januari", "january"),
    ("februari", "february"),
    ("maart", "march", "mrt"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("augustus", "august"),
    ("september",),
    ("oktober", "october"),
    ("november",),
    ("december",),
)
WEEKDAYS = [
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
#: Left out between the parts: "the 3rd of November", "3 nov. van 2009".
_SILENT = {"of", "the", "de", "den", "van"}
_SHORTEST = 3
_ORDINAL = re.compile(r"(\d{1,2})(?:e|de|ste|st|nd|rd|th)\b")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_EIGHT = re.compile(r"\d{8}")


class NoDay(ValueError):
    """`code`: "incomplete", "short_year" or "invalid"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def month_number(word: str) -> int | None:
    """`11`, `nov.`, `November` -> 11."""
    bare = word.strip(" .").casefold()
    if bare.isdecimal():
        return int(bare) if len(bare) <= 4 and 1 <= int(bare) <= 12 else None
    if len(bare) < _SHORTEST:
        return None
    found = {n for n, names in enumerate(MONTHS, 1) if any(m.startswith(bare) for m in names)}
    return found.pop() if len(found) == 1 else None


def read_day(text: str) -> date:
    """A whole date. Raises NoDay."""
    plain = in_form("NFKC", one_line(text)).casefold()
    if _EIGHT.fullmatch(plain):
        return _of_eight(plain)
    words = _TOKEN.findall(_ORDINAL.sub(r"\1 ", plain))
    parts = [w for w in words if w not in _SILENT and not _is_weekday(w)]
    if len(parts) < 3:
        raise NoDay("incomplete")
    if len(parts) > 3:
        raise NoDay("invalid")
    first, second, third = parts
    if len(first) == 4 and first.isdecimal():
        return of_parts(third, second, first)
    if not first.isdecimal():
        return of_parts(second, first, third)
    return of_parts(first, second, third)


def of_parts(day: str, month: str, year: str) -> date:
    """From the three boxes. Raises NoDay."""
    day, month, year = (in_form("NFKC", one_line(p)) for p in (day, month, year))
    if not (day and month and year):
        raise NoDay("incomplete")
    number = month_number(month)
    figures = _ORDINAL.sub(r"\1", day.casefold()).strip(" .")
    if number is None or not (figures.isdecimal() and year.isdecimal()):
        raise NoDay("invalid")
    if len(year) == 2:
        raise NoDay("short_year")
    if len(year) != 4:
        raise NoDay("invalid")
    try:
        return date(int(year), number, int(figures))
    except (ValueError, OverflowError) as impossible:
        raise NoDay("invalid") from impossible


def _of_eight(figures: str) -> date:
    """03112009 and 20091103, when only one of the two can be meant."""
    found = []
    for day, month, year in (
        (figures[:2], figures[2:4], figures[4:]),
        (figures[6:], figures[4:6], figures[:4]),
    ):
        with contextlib.suppress(NoDay):
            if "1900" <= year < "2100":
                found.append(of_parts(day, month, year))
    if len(found) != 1:
        raise NoDay("invalid")
    return found[0]


def _is_weekday(word: str) -> bool:
    named = len(word) >= 2 and any(day.startswith(word) for day in WEEKDAYS)
    return named and month_number(word) is None
