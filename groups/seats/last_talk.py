"""When somebody was last talked with, so that nobody is forgotten (R-125). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings


def long_ago() -> timedelta:
    """From how long on nobody talked with somebody who is there: a setting."""
    return timedelta(weeks=settings.WEEKS_WITHOUT_TALK)


@dataclass(frozen=True)
class Spoken:
    """The day of the last talk, or that there was none since somebody joined.

    `weeks`: whole weeks since then; `is_long_ago`: somebody should.
    """

    last: date | None
    since: date
    weeks: int
    is_long_ago: bool


def spoken(last: date | None, joined: date, day: date) -> Spoken:
    """Who had a talk is counted from it, who had none from the first day here."""
    since = last or joined
    gone = max(day - since, timedelta())
    return Spoken(last, since, gone.days // 7, gone >= long_ago())
