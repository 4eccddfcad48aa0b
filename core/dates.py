"""How a day is written for people, on every page alike (words.md): no year but another one.

Takes a day or an aware moment, whose day is Amsterdam's.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import clock


def in_full(day: date) -> str:
    """ "28 november", or "28 november 2025" when that is another year."""
    return _written(day, "j F", "j F Y")


def in_short(day: date) -> str:
    """As `in_full`, for a table or a line of small words: "28 nov"."""
    short = pgettext("date format: day and short month", "j M")
    return _written(day, short, f"{short} Y")


def all_in_full(days: Sequence[date]) -> str:
    """ "3 september, 17 september en 1 oktober": another year stands once, behind its last day."""
    written = _in_a_row(days, "j F", "j F Y")
    if len(written) < 2:
        return "".join(written)
    return _("%(days)s and %(last)s") % {"days": ", ".join(written[:-1]), "last": written[-1]}


def all_in_short(days: Sequence[date]) -> str:
    """As `all_in_full`, for a line of small words: "3 sep, 17 sep, 1 okt"."""
    short = pgettext("date format: day and short month", "j M")
    return ", ".join(_in_a_row(days, short, f"{short} Y"))


def _in_a_row(days: Sequence[date], this_year: str, another: str) -> list[str]:
    followed = [*(day.year for day in days[1:]), None]
    return [
        date_format(day, this_year) if day.year == year else _written(day, this_year, another)
        for day, year in zip(days, followed, strict=True)
    ]


def _written(day: date, this_year: str, another: str) -> str:
    day = clock.day_of(day) if isinstance(day, datetime) else day
    return date_format(day, this_year if day.year == clock.today().year else another)
