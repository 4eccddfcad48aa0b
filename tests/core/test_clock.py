"""One day for one moment, one way to count in months (style.md 17)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.months import add_months


def test_half_past_midnight_is_the_new_day():
    """Asked on 1 July at 00:30 in Amsterdam, which the database keeps as 30 June, 22:30."""
    kept = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert clock.day_of(kept) == date(2026, 7, 1)
    assert clock.local(kept).hour == 0


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_a_day_begins_at_midnight_in_winter_and_summer(moment, day):
    assert clock.day_of(moment) == day


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError):
        clock.day_of(datetime(2026, 7, 1, 0, 30))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), -1, date(2028, 2, 29)),
        (date(2026, 1, 15), -24, date(2024, 1, 15)),
        (date(2026, 12, 31), -6, date(2026, 6, 30)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
    ],
)
def test_months_forth_and_back(day, months, then):
    assert add_months(day, months) == then


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_months_keep_the_day_or_end_the_month(day, months):
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (then.day < day.day and (then + timedelta(days=1)).day == 1)
