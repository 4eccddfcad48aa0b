"""The one way to count in months: no database, no clock."""

from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or that month's last day.

    Three months after 30 November is the last day of February, never a day in March.
    """
    return day + relativedelta(months=months)


def months_between(first: date, last: date) -> int:
    """From the month of one day to that of another, whatever the days in them."""
    return (last.year - first.year) * 12 + last.month - first.month
