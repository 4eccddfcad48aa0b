"""Who hears what when the meetings of a group change: the pure rules (R-376), no database."""

from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from groups.evenings.who_hears import (
    Line,
    Says,
    Seat,
    Shift,
    counts_on,
    is_of_tonight,
    should_know_by,
    still_to_say,
    what_to_tell,
)

FRIDAY = date(2026, 12, 11)
NOW = clock.at(FRIDAY, 10, 12)
TWO_WEEKS = timedelta(days=14)
_ids = count(1)


def meeting() -> UUID:
    return UUID(int=next(_ids))


def at(days: int = 0, hour: int = 19) -> datetime:
    return clock.at(FRIDAY + timedelta(days=days), hour)


A, B, C = meeting(), meeting(), meeting()


def told(**facts: object) -> list[Line]:
    given = {"unheard": {}, "heard": {}, "before": {}, "truth": {}, "moment": NOW} | facts
    return what_to_tell(**given)  # type: ignore[arg-type]


@pytest.mark.req("R-376")
def test_eleven_planned_days_are_one_list_in_the_order_of_time() -> None:
    days = {meeting(): at(14 * n) for n in range(11, 0, -1)}
    lines = told(before=dict.fromkeys(days), truth=days)
    assert [line.now for line in lines] == sorted(days.values())
    assert {line.says for line in lines} == {Says.NEW}


@pytest.mark.req("R-376")
def test_moved_and_then_cancelled_before_anybody_heard_is_one_truth() -> None:
    assert told(unheard={A: at()}, before={A: at(7)}, truth={A: None}) == [Line(A, at(), None)]


@pytest.mark.req("R-376")
def test_what_was_taken_back_before_anybody_heard_it_is_told_to_nobody() -> None:
    assert told(unheard={A: at()}, before={A: None}, truth={A: at()}) == []
    assert told(unheard={A: None}, before={A: at(7)}, truth={A: None}) == []


@pytest.mark.req("R-376")
def test_who_heard_it_hears_the_taking_back_and_that_it_goes_ahead_after_all() -> None:
    (line,) = told(heard={A: None}, before={A: None}, truth={A: at()})
    assert line.says == Says.AGAIN
    assert told(heard={A: at()}, before={A: None}, truth={A: at()}) == []


def test_what_waits_about_another_meeting_goes_along() -> None:
    lines = told(unheard={B: None}, before={A: at()}, truth={A: None, B: at(14)})
    assert [(line.meeting, line.says) for line in lines] == [(A, Says.CANCELLED), (B, Says.NEW)]


def test_what_lies_behind_everybody_is_not_told() -> None:
    assert told(before={A: at(-1)}, truth={A: None}) == []
    assert told(before={A: at(0, 8)}, truth={A: None}) != []  # it would still go on


def test_a_moved_hour_is_moved() -> None:
    (line,) = told(before={A: at()}, truth={A: at(0, 20)})
    assert line.says == Says.MOVED


@pytest.mark.req("R-376")
def test_a_place_says_on_which_meetings_somebody_counts() -> None:
    standing = {A: at(), B: at(14), C: at(28)}
    here = Seat(FRIDAY - TWO_WEEKS)
    assert counts_on([here], standing, NOW) == standing
    until = Seat(FRIDAY - TWO_WEEKS, FRIDAY + TWO_WEEKS)
    assert counts_on([until], standing, NOW) == {A: at(), B: at(14)}
    assert counts_on([Seat(FRIDAY + timedelta(days=1))], standing, NOW) == {B: at(14), C: at(28)}
    assert counts_on([], standing, NOW) == {}


@pytest.mark.req("R-376")
def test_who_comes_to_get_to_know_the_group_counts_on_the_first_one_only() -> None:
    standing = {A: at(), B: at(14)}
    assert counts_on([Seat(FRIDAY, trial=True)], standing, NOW) == {A: at()}
    assert counts_on([Seat(FRIDAY, trial=True)], {B: at(14)}, NOW) == {B: at(14)}
    came = Seat(FRIDAY - TWO_WEEKS, trial=True, came_on=FRIDAY - TWO_WEEKS)
    assert counts_on([came], standing, NOW) == {}


@pytest.mark.req("R-376")
@pytest.mark.parametrize(
    ("lines", "moment", "daytime", "tonight"),
    [
        ([Line(A, at(), None)], NOW, NOW, True),
        ([Line(A, at(14), None)], NOW, NOW, False),
        ([Line(A, at(14), at())], NOW, NOW, True),  # moved to this evening
        ([Line(A, at(1, 14), None)], at(0, 21), at(1, 16), True),  # school would be too late
        ([Line(A, at(1, 19), None)], at(0, 21), at(1, 16), False),  # three hours are enough
        ([Line(A, at(0, 23), None)], at(1, 1), at(1, 9), True),  # one o'clock is still tonight
    ],
)
def test_what_concerns_this_evening_leaves_as_such(
    lines: list[Line], moment: datetime, daytime: datetime, tonight: bool
) -> None:
    assert is_of_tonight(lines, moment, daytime) is tonight


def test_the_first_moment_ahead_is_when_somebody_should_know() -> None:
    assert should_know_by([Line(A, at(0, 8), at(7)), Line(B, at(3), None)], NOW) == at(3)


@pytest.mark.req("R-376")
def test_the_page_says_it_until_that_day_has_passed() -> None:
    off, moved = Shift(A, NOW, at(), None), Shift(B, NOW, at(14), at(15))
    lines = still_to_say([moved, off], FRIDAY - TWO_WEEKS, FRIDAY)
    assert [(line.was, line.says) for line in lines] == [
        (at(), Says.CANCELLED),
        (at(14), Says.MOVED),
    ]
    assert still_to_say([off], FRIDAY - TWO_WEEKS, FRIDAY + timedelta(days=1)) == []
    assert still_to_say([off], FRIDAY + timedelta(days=1), FRIDAY) == []  # not yet in the group
    back = [Shift(A, NOW, at(), at()), Shift(A, NOW + timedelta(hours=1), at(1), at())]
    assert still_to_say(back, FRIDAY, FRIDAY) == []  # it is where it was this morning


MOMENTS = st.sampled_from([None, at(1), at(2), at(3)])
ACTS = st.lists(st.tuples(MOMENTS, st.booleans()), max_size=8)


@pytest.mark.req("R-376")
@given(first=MOMENTS, acts=ACTS)
def test_whatever_happens_everybody_ends_up_knowing_the_truth_once(
    first: datetime | None, acts: list[tuple[datetime | None, bool]]
) -> None:
    """`acts`: what the meeting became, and whether the message then left before the next act."""
    knows, stands = first, first
    heard: dict[UUID, datetime | None] = {}
    unheard: dict[UUID, datetime | None] = {}
    for becomes, leaves in [*acts, (stands, True)]:
        before, stands = stands, becomes
        lines = told(
            unheard=unheard, heard=heard, before={A: before}, truth={A: stands}, moment=at(0, 10)
        )
        assert bool(lines) == (knows != stands), "nobody is told what they know already"
        unheard = {line.meeting: line.was for line in lines}
        for line in lines:
            assert line.was == knows
        if leaves and lines:
            heard[A], knows, unheard = lines[0].now, lines[0].now, {}
        if leaves:
            assert knows == stands
