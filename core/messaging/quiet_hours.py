"""When a message may arrive: daytime, after school for under-18s, inside the own safe hours.

Pure rules; times are Amsterdam wall-clock. Public holidays are not school days; school holidays
differ per region and are treated as school days, which only makes a message later.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from core import clock
from core.ages import age_on

DAY = (time(9), time(20))
AFTER_SCHOOL = (time(16), time(20))


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))


def is_school_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def window(
    day: date,
    *,
    birth_date: date | None = None,
    safe_from: time | None = None,
    safe_until: time | None = None,
) -> tuple[time, time]:
    """First and last moment (exclusive) of `day` at which a scheduled message may arrive.

    Hours that somebody called safe win over ours where the two do not overlap.
    """
    young = birth_date is not None and age_on(birth_date, day) < 18
    begin, end = AFTER_SCHOOL if young and is_school_day(day) else DAY
    own_begin, own_end = safe_from or begin, safe_until or end
    narrowed = max(begin, own_begin), min(end, own_end)
    return narrowed if narrowed[0] < narrowed[1] else (own_begin, own_end)


def next_daytime(
    moment: datetime,
    *,
    birth_date: date | None = None,
    safe_from: time | None = None,
    safe_until: time | None = None,
) -> datetime:
    """`moment` itself when it lies in the window, else the next window's first moment."""
    local, today = clock.local(moment), clock.day_of(moment)
    begin, end = window(today, birth_date=birth_date, safe_from=safe_from, safe_until=safe_until)
    if begin <= local.time() < end:
        return local
    day = today if local.time() < begin else today + timedelta(days=1)
    begin, _ = window(day, birth_date=birth_date, safe_from=safe_from, safe_until=safe_until)
    return clock.at(day, begin.hour, begin.minute)
