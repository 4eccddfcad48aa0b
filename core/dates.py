"""How a day is written for people, on every page alike (words.md): no year but another one.

Takes a day or an aware moment, whose day is Amsterdam's.
"""

from datetime import date, datetime

from django.utils.formats import date_format

from core import clock


def in_full(day: date) -> str:
    """ "28 november", or "28 november 2025" when that is another year."""
    return _written(day, "j F", "j F Y")


def in_short(day: date) -> str:
    """As `in_full`, for a table or a line of small words: "28 nov"."""
    return _written(day, "j b", "j b Y")


def _written(day: date, this_year: str, another: str) -> str:
    day = clock.day_of(day) if isinstance(day, datetime) else day
    return date_format(day, this_year if day.year == clock.today().year else another)
