"""Days on which people work: not at weekends, not on Dutch public holidays."""

from datetime import date, timedelta

from core.messaging.quiet_hours import is_school_day


def working_day_after(day: date, number: int) -> date:
    """The `number`-th working day after `day`; `day` itself is not counted."""
    while number:
        day += timedelta(days=1)
        number -= is_school_day(day)
    return day
