"""When a message may arrive: daytime, after school for under-18s, inside the own safe hours.

Pure rules; times are Amsterdam wall-clock. Public holidays are not school days; school holidays
differ per region and are treated as school days, which only makes a message later.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import holidays

from core import clock
from core.ages import age_on

DAY = (time(9), time(20))
AFTER_SCHOOL = (time(16), time(20))
#: Where somebody gave one bound, the other side ends here, or an hour from the bound.
NIGHT_ENDS, NIGHT_BEGINS = time(7), time(22)

Window: TypeAlias = tuple[time, time]


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))


def is_school_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def windows(
    day: date,
    *,
    birth_date: date | None = None,
    safe_from: time | None = None,
    safe_until: time | None = None,
) -> list[Window]:
    """From when until when (exclusive) on `day` a scheduled message may arrive; never none.

    Hours that somebody called safe win over ours where the two do not overlap.
    """
    young = birth_date is not None and age_on(birth_date, day) < 18
    ours = AFTER_SCHOOL if young and is_school_day(day) else DAY
    own = _own(safe_from, safe_until)
    return _within(own, ours) or _within(own, DAY) or own


def in_own_hours(
    moment: datetime, *, safe_from: time | None = None, safe_until: time | None = None
) -> bool:
    """Is it now inside the hours that somebody called safe? Always, where they named none."""
    if safe_from is None and safe_until is None:
        return True
    wall = clock.local(moment).time()
    return any(begin <= wall < end for begin, end in _own(safe_from, safe_until))


def _within(own: list[Window], ours: Window) -> list[Window]:
    both = [(max(ours[0], begin), min(ours[1], end)) for begin, end in own]
    return [(begin, end) for begin, end in both if begin < end]


def _own(safe_from: time | None, safe_until: time | None) -> list[Window]:
    """The hours somebody called safe, on one day.

    With one bound: to the other side of the day, in the night only as far as that bound asks. Over
    midnight: both pieces. From and until the same: the hour that begins there.
    """
    if safe_from is None and safe_until is None:
        return [DAY]
    begin = safe_from or min(NIGHT_ENDS, _moved(safe_until, -1))
    end = safe_until or max(NIGHT_BEGINS, _moved(safe_from, 1))
    if begin == end:
        end = _moved(begin, 1)
    if begin < end:
        return [(begin, end)]
    pieces = [(time.min, end), (begin, time.max)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _moved(bound: time | None, hours: int) -> time:
    """So many hours away on the same day; at the edge of the day, that edge."""
    bound = bound or time.min
    hour = bound.hour + hours
    if hour < 0:
        return time.min
    return bound.replace(hour=hour) if hour < 24 else time.max


def next_daytime(
    moment: datetime,
    *,
    birth_date: date | None = None,
    safe_from: time | None = None,
    safe_until: time | None = None,
) -> datetime:
    """`moment` itself when it lies in a window, else the next window's first moment."""
    local, today = clock.local(moment), clock.day_of(moment)
    hours: dict[str, Any] = {
        "birth_date": birth_date,
        "safe_from": safe_from,
        "safe_until": safe_until,
    }
    for begin, end in windows(today, **hours):
        if local.time() < begin:
            return _at(today, begin)
        if local.time() < end:
            return local
    day = today + timedelta(days=1)
    begin, _end = windows(day, **hours)[0]
    return _at(day, begin)


def _at(day: date, moment: time) -> datetime:
    whole = clock.at(day, moment.hour, moment.minute)
    return whole.replace(second=moment.second, microsecond=moment.microsecond)
