"""When an evening is tonight's, running and over: the one answer for every page (C-44, R-375).

`Meeting.status` says what is written down (planned until the first row, then held) and whether it
was cancelled; never whether it is over. An evening ends when a worker says so (*Bijeenkomst
afsluiten*), else at `ends_at`. Until then it is tonight's for everybody, and nothing is inferred
from its sheet. Each question stands here twice: for a row, and for a query as `at` + the field.
"""

from datetime import date, datetime, timedelta
from typing import Protocol

from django.db.models import Q

from core import clock

#: So long before it begins, it is tonight's evening and its sheet is open.
OPENS_BEFORE = timedelta(hours=2)
CANCELLED = "cancelled"


class InTime(Protocol):
    """An evening, or what was read of one."""

    date: date
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    status: str


def over_at(evening: InTime) -> datetime:
    """When a worker said that it was over, else at its end."""
    return min(evening.closed_at or evening.ends_at, evening.ends_at)


def is_over(evening: InTime, moment: datetime) -> bool:
    return moment >= over_at(evening)


def is_running(evening: InTime, moment: datetime) -> bool:
    """It has begun and is not over; nothing runs that was cancelled."""
    return evening.starts_at <= moment and is_coming(evening, moment)


def is_tonight(evening: InTime, moment: datetime) -> bool:
    """Its sheet is open and it is not over."""
    return sheet_opens_at(evening.starts_at) <= moment and is_coming(evening, moment)


def is_coming(evening: InTime, moment: datetime) -> bool:
    """Somebody can still come to it."""
    return evening.status != CANCELLED and not is_over(evening, moment)


def sheet_opens_at(starts_at: datetime) -> datetime:
    return clock.after(starts_at, -OPENS_BEFORE)


def has_opened(evening: InTime, moment: datetime) -> bool:
    """Its sheet: from two hours before it begins, and for good."""
    return moment >= sheet_opens_at(evening.starts_at)


def is_today(day: date, starts_at: datetime, moment: datetime) -> bool:
    """Of an evening that is not over: is it called today's? Also after midnight, while it runs."""
    return day == clock.day_of(moment) or starts_at <= moment


# ---- The same for a query; `at`: the path to the evening, "meeting__" -------------------------


def has_ended(moment: datetime, at: str = "") -> Q:
    """Evenings that are over at `moment`."""
    return Q(**{f"{at}ends_at__lte": moment}) | Q(**{f"{at}closed_at__lte": moment})


def is_to_end(moment: datetime, at: str = "") -> Q:
    """The others: running, tonight's, or of a later day; cancelled ones too."""
    still = Q(**{f"{at}closed_at": None}) | Q(**{f"{at}closed_at__gt": moment})
    return Q(**{f"{at}ends_at__gt": moment}) & still


def can_come(moment: datetime, at: str = "") -> Q:
    """Evenings that somebody can still come to, tonight's included."""
    return is_to_end(moment, at) & ~Q(**{f"{at}status": CANCELLED})
