"""An evening is judged at its start; what is inferred from it waits for its end (C-43, C-44)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.organisations.models import Group
from groups.evenings.over import sheet_day
from groups.models import Attendance, Meeting
from groups.models.moments import over_at
from questionnaires.cycle import attended_meetings, facts, waves
from questionnaires.cycle.facts import Evening, OnHold, StayFacts
from tests import world
from tests.questionnaires.cycle.test_openings import Life, taking_part
from tests.questionnaires.stays import attended, evening, names, nth, on, stay

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIVE = attended(1, 2, 3, 4, 5)


def sixth(starts: datetime, ends: datetime, *, recorded: date | None = None) -> Evening:
    return evening(6, recorded=recorded)._replace(starts_at=starts, over_at=ends)


STARTS, ENDS = clock.at(nth(6), 19), clock.at(nth(6), 22)


# ---- The end -------------------------------------------------------------------------------


@pytest.mark.req("R-202")
def test_an_interim_waits_for_the_end_of_its_sixth_evening_and_is_of_that_day() -> None:
    life = taking_part(*FIVE)
    evenings = (evening(0), *FIVE, sixth(STARTS, ENDS))
    assert life.now(ENDS - MINUTE, evenings=evenings)[-1] == "baseline 1.1 answered"
    assert waves.next_change(life.facts, life.facts.invitations, life.at) == ENDS
    assert life.swept(ENDS)[-1] == "interim 1.1 open"
    assert life.one("interim").opened_on == nth(6)


@pytest.mark.req("R-202", "R-218")
def test_what_an_interim_makes_missed_waits_for_that_end_too() -> None:
    life = Life(stay(*FIVE))
    assert life.now(nth(0)) == ["baseline 1.1 open"]
    life.now(ENDS - MINUTE, evenings=(evening(0), *FIVE, sixth(STARTS, ENDS)))
    assert life.said() == ["baseline 1.1 open"]
    assert life.swept(ENDS) == ["baseline 1.1 missed", "interim 1.1 open"]


@pytest.mark.req("R-202")
@pytest.mark.parametrize("recorded_at", [(0, 23, 30), (1, 0, 10), (1, 3, 59)])
def test_an_evening_over_midnight_is_of_its_own_day_whenever_it_is_written_down(
    recorded_at: tuple[int, int, int],
) -> None:
    """From eight until half past midnight; the message is one of the day after the evening."""
    days, hour, minute = recorded_at
    written = clock.at(nth(6) + days * DAY, hour, minute)
    ends = clock.at(nth(6) + DAY, 0, 30)
    life = taking_part(*FIVE)
    last = sixth(clock.at(nth(6), 20), ends, recorded=sheet_day(nth(6), written))
    life.now(written, evenings=(evening(0), *FIVE, last))
    life.swept(max(ends, written))
    interim = life.one("interim")
    assert (interim.state, interim.earned_on, interim.opened_on) == ("open", nth(6), nth(6))
    assert "recorded_on" not in interim.reason


@pytest.mark.req("R-202")
def test_written_down_after_four_it_is_recorded_late() -> None:
    written = clock.at(nth(6) + DAY, 4)
    life = taking_part(*FIVE)
    last = sixth(STARTS, ENDS, recorded=sheet_day(nth(6), written))
    life.now(written, evenings=(evening(0), *FIVE, last))
    interim = life.one("interim")
    assert interim.opened_on == nth(6) + DAY
    assert interim.reason["recorded_on"] == (nth(6) + DAY).isoformat()


@pytest.mark.req("R-351")
def test_a_closing_that_is_taken_back_takes_back_in_silence_what_it_released() -> None:
    """*Bijeenkomst afsluiten* at half past nine, undone at ten to ten, over at ten."""
    life = taking_part(*FIVE)
    closed = (evening(0), *FIVE, sixth(STARTS, ENDS - 30 * MINUTE))
    assert life.now(ENDS - 30 * MINUTE, evenings=closed)[-1] == "interim 1.1 open"
    life.now(ENDS - 10 * MINUTE, evenings=(evening(0), *FIVE, sixth(STARTS, ENDS)))
    assert life.one("interim").state == "withdrawn"
    assert life.one("interim").reason["withdrawn"]["why"] == "not_over"
    life.swept(ENDS)
    assert life.said()[-1] == "interim 1.1 open"
    assert "withdrawn" not in life.one("interim").reason


@pytest.mark.req("R-204")
def test_the_exit_does_not_wait_for_the_end_of_the_evening() -> None:
    life = taking_part(*FIVE)
    life.now(nth(5), phase="leaving", last_meeting_on=nth(6))
    assert life.swept(clock.at(nth(6)))[-1] == "exit 1.1 open"


# ---- The start -----------------------------------------------------------------------------

BLOCKED = [
    pytest.param(STARTS + MINUTE, None, True, id="withdrawn a minute after the start"),
    pytest.param(clock.at(nth(6), 22), None, True, id="withdrawn at ten"),
    pytest.param(STARTS, None, False, id="withdrawn at the start"),
    pytest.param(clock.at(nth(5)), STARTS, True, id="settled at the start"),
    pytest.param(clock.at(nth(5)), STARTS + MINUTE, False, id="settled a minute later"),
    pytest.param(STARTS - MINUTE, ENDS, False, id="all evening, and never a day"),
    pytest.param(clock.at(nth(6), 10), clock.at(nth(6), 12), True, id="settled at noon"),
]


@pytest.mark.req("R-353", "R-202")
@pytest.mark.parametrize(("since", "until", "counts"), BLOCKED)
def test_an_evening_counts_by_the_yes_in_force_at_its_start(
    since: datetime, until: datetime | None, counts: bool
) -> None:
    first, last = clock.day_of(since), clock.day_of(until) if until else None
    blocked = OnHold("blocked", first, last, since, until)
    evening_of_six = sixth(STARTS, ENDS)
    known = stay(*FIVE, evening_of_six, holds=(blocked,))
    why = attended_meetings.why_not_counted(evening_of_six, known)
    assert why == ("" if counts else "blocked")


@pytest.mark.req("R-353")
def test_the_sixth_of_an_evening_after_which_the_yes_went_waits_for_it() -> None:
    """Finding 8, last row: nothing is taken away, and nothing is asked before the yes is there."""
    life = taking_part(*FIVE)
    gone, back = clock.at(nth(6), 23), clock.at(nth(8), 12)
    running = OnHold("blocked", nth(6), None, gone, None)
    life.now(gone, evenings=(evening(0), *FIVE, sixth(STARTS, ENDS)), holds=(running,))
    assert life.said() == ["baseline 1.1 answered"]
    life.now(back, holds=(replace(running, until=nth(8), until_at=back),))
    interim = life.one("interim")
    assert (interim.earned_on, interim.opened_on) == (nth(6), nth(8))
    assert interim.reason["waited_for"] == ["blocked"]


@pytest.mark.req("R-353")
def test_a_hold_of_which_no_moment_is_known_is_of_whole_days() -> None:
    holds = (OnHold("blocked", nth(6), nth(6) + DAY),)
    assert attended_meetings.counted(stay(*FIVE, sixth(STARTS, ENDS), holds=holds))[-1].day == (
        nth(5)
    )
    settled = (OnHold("blocked", nth(5), nth(6)),)
    assert len(attended_meetings.counted(stay(*FIVE, sixth(STARTS, ENDS), holds=settled))) == 5


@pytest.mark.req("R-353")
def test_a_hold_within_a_day_holds_up_nothing() -> None:
    within = OnHold("blocked", nth(6), nth(6), clock.at(nth(6), 10), clock.at(nth(6), 12))
    rows = on(stay(*FIVE, sixth(STARTS, ENDS), holds=(within,)), nth(6))
    assert names(rows)[-1] == "interim 1 open"


@pytest.mark.req("R-354")
@pytest.mark.parametrize("noticed", [True, False])
def test_a_hold_within_the_day_it_opened_on_is_not_what_it_waited_for(noticed: bool) -> None:
    """Written down a week late, on the very day of a wait of hours; or found by the night."""
    day = nth(6) + 7 * DAY
    within = OnHold("blocked", day, day, clock.at(day, 10), clock.at(day, 12))
    recorded = day if noticed else nth(6)
    life = taking_part(*FIVE, sixth(STARTS, ENDS, recorded=recorded))
    life.facts = replace(life.facts, holds=(within,))
    if noticed:
        life.now(day)
    else:
        life.swept(day + DAY)
    interim = life.one("interim")
    assert interim.opened_on == recorded
    assert "waited_for" not in interim.reason


# ---- As it is read -------------------------------------------------------------------------

NIGHTS = [date(2026, 1, 8), date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 28)]


@pytest.mark.django_db
@pytest.mark.req("R-353", "R-130")
@pytest.mark.parametrize("day", NIGHTS, ids=["a night", "an hour less", "an hour more", "29 Feb"])
@pytest.mark.parametrize("minutes", [0, 239, 240, 300, 1440])
def test_the_database_reads_the_day_of_a_sheet_as_the_sheet_does(day: date, minutes: int) -> None:
    """Minutes after midnight, on the clock on the wall."""
    wall = datetime.combine(day + DAY, datetime.min.time()) + timedelta(minutes=minutes)
    moment = clock.at(wall.date(), wall.hour, wall.minute)
    found = read(day, moment).evenings[0]
    assert found.recorded_on == sheet_day(day, moment)
    assert (found.recorded_on == day) is (minutes < 240)
    assert found.starts_at == clock.at(day, 21)
    assert found.over_at == clock.at(day + DAY, 0, 30)


@pytest.mark.django_db
def test_the_database_reads_an_end_that_a_worker_gave() -> None:
    day = date(2026, 1, 8)
    closed = clock.at(day, 23, 15)
    assert read(day, closed, closed_at=closed).evenings[0].over_at == closed
    late = clock.at(day + DAY, 1)
    assert read(day, late, closed_at=late).evenings[0].over_at == clock.at(day + DAY, 0, 30)


def read(day: date, recorded_at: datetime, **fields: datetime) -> StayFacts:
    """One evening from nine until half past midnight, and when it was written down."""
    group: Group = world.make_group()
    person = world.make_trajectory(group=group)
    meeting = Meeting.objects.create(
        group=group,
        date=day,
        starts_at=clock.at(day, 21),
        ends_at=clock.at(day + DAY, 0, 30),
        status="held",
        **fields,
    )
    assert over_at(meeting) == min(fields.get("closed_at", meeting.ends_at), meeting.ends_at)
    Attendance.objects.create(
        meeting=meeting, trajectory=person, state="present", recorded_at=recorded_at
    )
    [found] = facts.load([person.pk])
    return found
