"""Which days are proposed: every two weeks on the group's own weekday (R-114). Pure, no database.

A day that was cancelled keeps its place in the rhythm: it is not proposed again, and what comes
after it does not shift. Holidays are proposed too, named and without a tick (`free_days`).
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import pairwise, takewhile

from groups.evenings.meetings import RHYTHM

#: A day nearer to the next meeting than this is no place of its own: that one was moved.
TOO_NEAR = timedelta(days=10)


def proposed_days(
    taken: Collection[date], *, weekday: int, today: date, first: date, last: date
) -> list[date]:
    """Days from `today` on, between `first` and `last`, that are still free in the rhythm.

    `taken`: the days of the group's meetings, cancelled ones included. The gaps between two of
    them are filled, then it goes on after the last one. Without a meeting, or when the rhythm
    stopped, it begins on the first such weekday from today on.
    """
    stand = sorted(set(taken))
    found = [day for before, after in pairwise(stand) for day in _between(before, after, weekday)]
    begin = max(stand[-1] + RHYTHM if stand else first, today)
    found += takewhile(lambda day: day <= last, _every_two_weeks(begin, weekday))
    return [day for day in found if max(first, today) <= day <= last and day not in stand]


def _between(before: date, after: date, weekday: int) -> Iterator[date]:
    return takewhile(
        lambda day: day <= after - TOO_NEAR, _every_two_weeks(before + RHYTHM, weekday)
    )


def _every_two_weeks(begin: date, weekday: int) -> Iterator[date]:
    """From the first such weekday on or after `begin`, without an end."""
    day = begin + timedelta(days=(weekday - begin.weekday()) % 7)
    while True:
        yield day
        day += RHYTHM
