"""Which days are proposed, ticked and passed over: the pure rules, without a database."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from core import clock
from groups.year_plan.free_days import FreeDays
from groups.year_plan.plan import Day, Mark, Stands, laid_out, one_a_day
from groups.year_plan.proposals import proposed_days
from groups.year_plan.season import Season, goal, season_of

FRIDAY = date(2026, 9, 4)
DAY = timedelta(days=1)
TWO_WEEKS = timedelta(days=14)
SEASON = Season(2026)


def days(taken: list[date], today: date, weekday: int = 4, season: Season = SEASON) -> list[date]:
    return proposed_days(taken, weekday=weekday, today=today, first=season.first, last=season.last)


class TestSeason:
    def test_september_up_to_and_including_august(self) -> None:
        assert (SEASON.first, SEASON.last) == (date(2026, 9, 1), date(2027, 8, 31))
        assert season_of(date(2026, 9, 1)) == season_of(date(2027, 8, 31)) == SEASON
        assert season_of(date(2026, 8, 31)).name == "2025–2026"

    @pytest.mark.req("R-116")
    def test_a_whole_season_has_26(self) -> None:
        assert {goal(Season(year), Season(year).first) for year in range(2020, 2040)} == {26}
        assert goal(SEASON, date(2020, 1, 1)) == 26, "a group of years ago"

    def test_a_group_that_begins_later_has_as_many_fortnights_as_are_left(self) -> None:
        assert goal(SEASON, date(2027, 1, 8)) == 17
        assert goal(SEASON, SEASON.last) == 1
        assert goal(SEASON, SEASON.last + DAY) == 0


class TestProposals:
    @pytest.mark.req("R-114", "R-116")
    def test_a_fresh_season_is_26_days_on_the_groups_weekday_two_weeks_apart(self) -> None:
        for weekday in range(7):
            found = days([], SEASON.first, weekday)
            assert len(found) in (26, 27)
            assert {day.weekday() for day in found} == {weekday}
            assert {b - a for a, b in pairwise(found)} == {TWO_WEEKS}
            assert all(day in SEASON for day in found)

    @pytest.mark.req("R-114")
    def test_it_goes_on_two_weeks_after_the_last_one(self) -> None:
        assert days([FRIDAY], FRIDAY + DAY)[0] == FRIDAY + TWO_WEEKS

    def test_a_cancelled_day_keeps_its_place(self) -> None:
        """The caller gives cancelled days too: the rhythm does not shift, the day is not asked."""
        assert days([FRIDAY, FRIDAY + TWO_WEEKS], FRIDAY)[0] == FRIDAY + 2 * TWO_WEEKS

    def test_when_the_rhythm_stopped_it_begins_at_the_first_such_day(self) -> None:
        today = FRIDAY + 100 * DAY
        assert days([FRIDAY], today)[0] == today + (4 - today.weekday()) % 7 * DAY

    def test_a_gap_between_two_meetings_is_filled(self) -> None:
        stand = [FRIDAY, FRIDAY + 3 * TWO_WEEKS]
        assert days(stand, FRIDAY)[:3] == [FRIDAY + n * TWO_WEEKS for n in (1, 2, 4)]

    def test_a_meeting_that_was_moved_by_a_week_leaves_no_gap(self) -> None:
        stand = [FRIDAY, FRIDAY + 21 * DAY]
        assert days(stand, FRIDAY)[0] == FRIDAY + 35 * DAY

    def test_another_weekday_halfway(self) -> None:
        """From the last Friday on to the Wednesday after its two weeks, then every two weeks."""
        found = days([FRIDAY], FRIDAY + DAY, weekday=2)
        assert found[0] == date(2026, 9, 23)
        assert {day.weekday() for day in found} == {2}
        assert {b - a for a, b in pairwise(found)} == {TWO_WEEKS}

    def test_never_a_day_that_has_passed_or_is_taken_or_lies_outside(self) -> None:
        today = date(2027, 3, 3)
        stand = [FRIDAY + n * TWO_WEEKS for n in (0, 1, 5, 9)]
        found = days(stand, today)
        assert found
        assert min(found) >= today
        assert max(found) <= SEASON.last
        assert not set(found) & set(stand)
        assert days(stand, SEASON.last + DAY) == []

    def test_over_the_29th_of_february(self) -> None:
        leap = Season(2027)
        found = days([date(2028, 2, 15)], date(2028, 2, 16), weekday=1, season=leap)
        assert found[:2] == [date(2028, 2, 29), date(2028, 3, 14)]


CHRISTMAS = date(2026, 12, 25)
FREE = FreeDays(
    {CHRISTMAS: "Eerste kerstdag"},
    ((date(2027, 7, 24), date(2027, 9, 5), "zomervakantie"),),
    knows_schools=True,
)


def meeting(day: date, status: str = "planned", n: int = 0) -> Stands:
    ends = clock.at(day, 22)
    return Stands(UUID(int=n), day, ends, status, "Koken")


def plan(meetings: list[Stands], now: datetime, room: int = 26) -> dict[date, Day]:
    found = laid_out(meetings, FREE, season=SEASON, weekday=4, now=now, room=room)
    assert [d.date for d in found] == sorted({d.date for d in found}), "each day once, in order"
    return {day.date: day for day in found}


class TestLaidOut:
    @pytest.mark.req("R-116")
    def test_what_was_what_is_and_what_is_proposed(self) -> None:
        now = clock.at(date(2026, 11, 27), 12)
        held = [meeting(FRIDAY + n * TWO_WEEKS, "held") for n in range(5)]
        rest = [
            meeting(date(2026, 11, 13)),
            meeting(date(2026, 11, 27)),
            meeting(date(2026, 12, 11), "cancelled"),
            meeting(date(2027, 1, 8)),
        ]
        found = plan(held + rest, now)
        marks = {day: one.mark for day, one in found.items()}
        assert [marks[one.date] for one in held] == [Mark.HELD] * 5
        assert marks[date(2026, 11, 13)] == Mark.NOT_FILLED_IN, "nobody was written down"
        assert marks[date(2026, 11, 27)] == Mark.TODAY
        assert marks[date(2026, 12, 11)] == Mark.CANCELLED
        assert marks[date(2027, 1, 8)] == Mark.PLANNED
        christmas = found[CHRISTMAS]
        assert (christmas.mark, christmas.about) == (Mark.FREE, "Eerste kerstdag")
        assert not christmas.can_tick, "passed over: a meeting stands behind it"

    def test_holidays_after_the_last_one_are_named_and_not_ticked(self) -> None:
        now = clock.at(date(2026, 9, 1), 12)
        found = plan([], now)
        free = {day for day, one in found.items() if one.mark == Mark.FREE}
        assert free == {CHRISTMAS, *(date(2027, 8, day) for day in (6, 20))}
        assert all(found[day].can_tick and not found[day].ticked for day in free)
        assert found[date(2027, 8, 6)].about == "zomervakantie"
        assert sum(day.ticked for day in found.values()) == 23

    @pytest.mark.req("R-116")
    def test_no_more_ticks_than_the_year_has_room_for(self) -> None:
        now = clock.at(date(2026, 9, 1), 12)
        stand = [meeting(FRIDAY), meeting(FRIDAY + DAY, "cancelled")]
        found = plan(stand, now, room=10)
        ticked = [day for day, one in found.items() if one.ticked]
        assert len(ticked) == 9, "what was cancelled takes no room"
        assert ticked == sorted(ticked)[:9]

    def test_today_counts_as_today_until_its_end(self) -> None:
        day = date(2026, 11, 27)
        running = [meeting(day, "held")]
        assert plan(running, clock.at(day, 21, 59))[day].mark == Mark.TODAY
        assert plan(running, clock.at(day, 22))[day].mark == Mark.HELD
        over_midnight = [Stands(UUID(int=1), day, clock.at(day + DAY, 1), "held", "")]
        assert plan(over_midnight, clock.at(day + DAY, 0, 30))[day].mark == Mark.TODAY

    def test_not_further_ahead_than_can_be_planned(self) -> None:
        found = laid_out(
            [], FREE, season=Season(2027), weekday=4, now=clock.at(date(2027, 3, 1)), room=26
        )
        assert max(day.date for day in found) <= date(2027, 3, 1) + timedelta(days=400)


def test_of_a_day_with_one_cancelled_and_one_that_stands_the_second_counts() -> None:
    off, on = meeting(FRIDAY, "cancelled", 1), meeting(FRIDAY, "planned", 2)
    assert one_a_day([off, on]) == one_a_day([on, off]) == [on]
    assert one_a_day([off]) == [off]
