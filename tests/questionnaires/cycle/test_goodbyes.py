"""An exit that was answered, and then they come again (C-42, R-351)."""

from datetime import timedelta

import pytest

from core import clock
from tests.questionnaires.cycle.test_openings import Life, absent, taking_part
from tests.questionnaires.stays import attended, evening, goodbye, nth

DAY = timedelta(days=1)


def said_goodbye(last: int, *more: int) -> Life:
    """Answered the goodbye of the evening `last`, an hour after it."""
    life = taking_part(*attended(*range(1, last + 1), *more))
    life.now(
        nth(last), phase="leaving", last_meeting_on=nth(last), agreed_at=clock.at(nth(last - 1), 20)
    )
    assert life.said()[-1] == "exit 1.1 open"
    life.answered(clock.at(nth(last), 23))
    return life


def comes(life: Life, number: int) -> list[str]:
    """To one evening more; the last meeting follows."""
    later = nth(number) if life.facts.phase == "leaving" else life.facts.last_meeting_on
    evenings = (*life.facts.evenings, evening(number))
    return life.now(nth(number), evenings=evenings, last_meeting_on=later)


@pytest.mark.req("R-351", "R-204")
def test_a_sixth_that_was_the_answered_goodbye_is_not_missed_when_they_come_again() -> None:
    """Finding 7: C-38 follows the exit as it was answered."""
    life = said_goodbye(6)
    assert comes(life, 7)[1:] == ["exit 1.1 answered"]
    leaving = life.one("exit")
    assert (leaving.earned_on, leaving.reason["since"]) == (nth(6), "goes_on")
    assert leaving.reason["instead_of"] == 1


@pytest.mark.req("R-204")
@pytest.mark.parametrize(("last", "replaced"), [(5, True), (4, True), (3, False)])
def test_a_sixth_within_four_weeks_of_an_answered_goodbye_is_replaced_by_it(
    last: int, replaced: bool
) -> None:
    """Two weeks later (5), a day less than four (4, asked below), and six weeks later (3)."""
    life = said_goodbye(last)
    life.now(nth(last) + DAY, phase="participating", last_meeting_on=None, agreed_at=None)
    for number in range(last + 1, 7):
        if last == 4 and number == 6:
            near = evening(6, day=nth(6) - DAY)
            life.now(nth(6), evenings=(*life.facts.evenings, near))
        else:
            comes(life, number)
    assert ("interim 1.1 open" in life.said()) is not replaced
    assert ("interim 1.1 missed" in life.said()) is False
    assert (life.one("exit").reason.get("instead_of") == 1) is replaced


@pytest.mark.req("R-204")
def test_the_four_weeks_end_on_their_day() -> None:
    life = said_goodbye(4)
    life.now(nth(4) + DAY, phase="participating", last_meeting_on=None, agreed_at=None)
    comes(life, 5)
    assert comes(life, 6)[-1] == "interim 1.1 open"
    assert nth(6) - nth(4) == timedelta(days=28)


@pytest.mark.req("R-204")
def test_the_number_of_an_interim_is_that_of_its_sixth_gaps_are_lawful() -> None:
    life = said_goodbye(6)
    life.now(nth(6) + DAY, phase="participating", last_meeting_on=None, agreed_at=None)
    for number in range(7, 13):
        comes(life, number)
    assert life.said()[1:] == ["exit 1.1 answered", "interim 2.1 open"]


@pytest.mark.req("R-204", "R-351")
def test_a_goodbye_agreed_after_the_first_was_answered_is_the_second() -> None:
    life = said_goodbye(4)
    life.now(nth(4) + DAY, phase="participating", last_meeting_on=None, agreed_at=None)
    comes(life, 5)
    life.now(nth(5), phase="leaving", last_meeting_on=nth(7), agreed_at=clock.at(nth(5), 21))
    assert life.swept(nth(7))[-2:] == ["exit 1.1 answered", "exit 2.1 open"]
    assert life.one("exit", sequence=2).earned_on == nth(7)


@pytest.mark.req("R-204", "R-351")
def test_a_date_that_moved_after_the_answer_opens_no_second_goodbye() -> None:
    life = said_goodbye(4)
    for number in (5, 6):
        comes(life, number)
    assert [said for said in life.said() if said.startswith("exit")] == ["exit 1.1 answered"]


@pytest.mark.req("R-204", "R-351")
def test_a_stay_closed_after_they_came_again_asks_a_second_time() -> None:
    life = said_goodbye(4)
    comes(life, 5)
    life.facts = goodbye(life.facts, nth(5), ended_on=nth(5) + DAY)
    assert life.now(nth(5) + DAY)[-1] == "exit 2.1 open"
    assert life.one("exit", sequence=2).earned_on == nth(5)


@pytest.mark.req("R-204")
@pytest.mark.parametrize("days", [0, 1, 20])
def test_closing_after_the_goodbye_was_answered_asks_nothing_more(days: int) -> None:
    life = said_goodbye(4)
    life.facts = goodbye(life.facts, nth(4), ended_on=nth(4) + days * DAY)
    assert life.now(nth(4) + days * DAY)[1:] == ["exit 1.1 answered"]
    assert "since" not in life.one("exit").reason


@pytest.mark.req("R-204")
def test_who_stayed_after_all_and_drops_out_later_gets_no_second_goodbye() -> None:
    life = said_goodbye(4)
    life.facts = goodbye(
        life.facts, nth(9), exit_kind="drop_out", last_meeting_on=None, ended_on=nth(9)
    )
    assert life.now(nth(9))[1:] == ["exit 1.1 answered"]


@pytest.mark.req("R-204", "R-352")
def test_who_stayed_after_all_and_leaves_without_contact_is_not_asked_a_second_time() -> None:
    life = said_goodbye(4)
    life.facts = goodbye(
        life.facts,
        nth(9),
        last_meeting_on=None,
        ended_on=nth(9),
        follow_up_waived="contact_refused",
    )
    assert life.now(nth(9))[1:] == ["exit 1.1 answered"]


@pytest.mark.req("R-204")
def test_the_four_weeks_run_from_the_second_goodbye_too() -> None:
    life = said_goodbye(4)
    life.now(nth(4) + DAY, phase="participating", last_meeting_on=None, agreed_at=None)
    for number in range(5, 12):
        comes(life, number)
    life.now(nth(11), phase="leaving", last_meeting_on=nth(11), agreed_at=clock.at(nth(10), 21))
    assert life.said()[-1] == "exit 2.1 open"
    life.answered(clock.at(nth(11), 23))
    life.now(nth(11) + DAY, phase="participating", last_meeting_on=None, agreed_at=None)
    assert not any(said.startswith("interim 2") for said in comes(life, 12))
    assert life.one("exit", sequence=2).reason["instead_of"] == 2


@pytest.mark.req("R-131", "R-354")
def test_an_answered_list_keeps_its_reason_whatever_the_order_of_what_came_after() -> None:
    def end(first: str, second: str) -> object:
        life = taking_part(*attended(1, 2, 3, 4, 5, 6, 7))
        life.now(nth(6))
        life.answered(clock.at(nth(6), 23))
        day = nth(8)
        for act in (first, second):
            if act == "takes":
                rows = [absent(3, day) if e.day == nth(3) else e for e in life.facts.evenings]
            else:
                rows = [
                    e._replace(status="cancelled") if e.day == nth(0) else e
                    for e in life.facts.evenings
                ]
            life.now(day, evenings=tuple(rows))
        return life.one("interim")

    assert end("takes", "cancels") == end("cancels", "takes")
    corrected = end("takes", "cancels")
    assert corrected.earned_on == nth(6)  # type: ignore[attr-defined]
    assert corrected.reason["since"] == "corrected"  # type: ignore[attr-defined]
