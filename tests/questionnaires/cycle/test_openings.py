"""A wave that stands again is another opening; a slip and its undo are none (R-351)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from core import clock
from questionnaires.cycle.facts import Evening, Standing, StayFacts
from tests.questionnaires.histories import History
from tests.questionnaires.stays import attended, evening, goodbye, hold, late, nth, stay

DAY = timedelta(days=1)
SIX = attended(1, 2, 3, 4, 5, 6)


class Life(History):
    """A stay whose facts change at a moment, with its rows as the cycle keeps them."""

    def __init__(self, facts: StayFacts) -> None:
        super().__init__()
        self.facts = facts

    def now(self, at: date | datetime, **facts: Any) -> list[str]:
        """These facts from that moment on (a day: late on it); what stands and what is gone."""
        self.at = at if isinstance(at, datetime) else late(at)
        self.facts = replace(self.facts, **facts)
        self.look(clock.evening_of(self.at))
        return self.said()

    def swept(self, at: date | datetime) -> list[str]:
        self.at = at if isinstance(at, datetime) else late(at)
        self.look(None)
        return self.said()

    def said(self) -> list[str]:
        return [f"{w.wave} {w.sequence}.{w.opening} {w.state}" for w in self.all()]

    def all(self) -> list[Standing]:
        return sorted((*self.facts.invitations, *self.facts.withdrawn), key=self.in_order)

    @staticmethod
    def in_order(wave: Standing) -> tuple[date, str, int, int]:
        return (wave.earned_on, wave.wave, wave.sequence, wave.opening)

    def one(self, wave: str, opening: int = 1, sequence: int = 1) -> Standing:
        return next(w for w in self.all() if (*w.key, w.opening) == (wave, sequence, opening))

    def answered(self, at: datetime) -> None:
        """Whatever is open is answered."""
        self.at = at
        self.answer(0)
        self.look(clock.evening_of(at))


def taking_part(*evenings: Evening) -> Life:
    life = Life(stay(*evenings))
    life.now(nth(0))
    life.answered(clock.at(nth(0), 23))
    return life


def absent(number: int, recorded: date) -> Evening:
    return evening(number, "absent_with_notice", recorded=recorded)


@pytest.mark.req("R-351")
def test_the_second_goodbye_is_another_opening_with_nothing_of_the_first() -> None:
    life = taking_part(*attended(1, 2))
    assert life.now(nth(2), phase="leaving", last_meeting_on=nth(2))[-1] == "exit 1.1 open"
    assert life.now(nth(2) + DAY, phase="participating", last_meeting_on=None)[-1] == (
        "exit 1.1 withdrawn"
    )
    assert life.now(nth(9), phase="leaving", last_meeting_on=nth(9))[-2:] == [
        "exit 1.1 withdrawn",
        "exit 1.2 open",
    ]
    first, second = life.one("exit"), life.one("exit", 2)
    assert first.row != second.row
    assert (first.opened_on, second.opened_on) == (nth(2), nth(9))


@pytest.mark.req("R-351")
def test_an_exit_whose_day_moved_is_another_opening() -> None:
    life = taking_part(*attended(1, 2))
    life.now(nth(2), phase="leaving", last_meeting_on=nth(2))
    said = life.now(nth(3), last_meeting_on=nth(3), evenings=(evening(0), *attended(1, 2, 3)))
    assert said[-2:] == ["exit 1.1 withdrawn", "exit 1.2 open"]
    assert life.one("exit").reason["withdrawn"] == {
        "on": nth(3).isoformat(),
        "why": "moved",
        "to": nth(3).isoformat(),
    }


@pytest.mark.req("R-351")
def test_a_true_sixth_after_a_slip_is_another_opening_on_its_own_day() -> None:
    life = taking_part(*SIX)
    assert life.now(nth(6))[-1] == "interim 1.1 open"
    five = (evening(0), *attended(1, 2, 3, 4, 5), absent(6, nth(6) + DAY))
    assert life.now(nth(6) + DAY, evenings=five)[-1] == "interim 1.1 withdrawn"
    life.now(nth(7), evenings=(*five, evening(7)))
    again = life.one("interim", 2)
    assert (again.state, again.earned_on, again.opened_on) == ("open", nth(7), nth(7))


@pytest.mark.req("R-351", "R-131")
@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(hours=4)])
def test_a_slip_and_its_undo_on_one_evening_are_the_same_opening(later: timedelta) -> None:
    """Also past midnight: until four the night is the evening's."""
    life = taking_part(*SIX)
    life.now(nth(6))
    before = life.one("interim")
    life.now(late(nth(6)), evenings=(evening(0), *attended(1, 2, 3, 4, 5), absent(6, nth(6))))
    assert life.said()[-1] == "interim 1.1 withdrawn"
    life.now(late(nth(6)) + later, evenings=(evening(0), *SIX))
    assert life.said()[-1] == "interim 1.1 open"
    assert life.one("interim") == before
    assert life.one("interim").row == before.row


@pytest.mark.req("R-351")
def test_undone_the_next_day_it_is_another_opening() -> None:
    life = taking_part(*SIX)
    life.now(nth(6))
    life.now(nth(6) + DAY, evenings=(evening(0), *attended(1, 2, 3, 4, 5), absent(6, nth(6) + DAY)))
    life.now(nth(6) + 2 * DAY, evenings=(evening(0), *SIX))
    assert life.said()[-2:] == ["interim 1.1 withdrawn", "interim 1.2 open"]
    assert life.one("interim", 2).opened_on == nth(6) + 2 * DAY


@pytest.mark.req("R-351", "R-131")
def test_corrections_of_one_day_come_to_the_same_in_every_order() -> None:
    """Finding 13: one that takes an evening away and one that adds one."""
    day = nth(6) + 6 * DAY
    wrong = (evening(0), *attended(1, 2), absent(3, nth(3)), *attended(4, 5, 6, 7))
    acts = {
        "adds": lambda rows: tuple(
            evening(3, recorded=day) if e.day == nth(3) else e for e in rows
        ),
        "takes": lambda rows: tuple(absent(5, day) if e.day == nth(5) else e for e in rows),
        "takes too": lambda rows: tuple(absent(1, day) if e.day == nth(1) else e for e in rows),
        "gives back": lambda rows: tuple(
            evening(1, recorded=day) if e.day == nth(1) else e for e in rows
        ),
    }
    ends = set()
    for order in permutations(acts):
        if order.index("takes too") > order.index("gives back"):
            continue
        life = taking_part(*wrong[1:])
        life.now(nth(7))
        for name in order:
            life.now(day, evenings=acts[name](life.facts.evenings))
        ends.add(tuple((w.key, w.earned_on, w.opened_on, w.due_on) for w in life.facts.invitations))
    assert len(ends) == 1


@pytest.mark.req("R-354")
def test_a_row_that_was_corrected_and_back_is_not_the_recording_it_waited_for() -> None:
    """Finding 8: opened on the evening itself; the day of a later there and back says nothing."""
    day = nth(6) + 6 * DAY
    life = taking_part(*SIX)
    life.now(nth(6))
    back = tuple(evening(3, recorded=day) if e.day == nth(3) else e for e in life.facts.evenings)
    life.now(day, evenings=back)
    assert life.said()[-1] == "interim 1.1 open"
    assert "recorded_on" not in life.one("interim").reason
    life.answered(clock.at(day, 23))
    assert "recorded_on" not in life.one("interim").reason


# ---- What a waiver, a return and an end leave as it was ------------------------------------


@pytest.mark.req("R-352")
@pytest.mark.parametrize("waived", ["contact_refused", "returned", "erased"])
def test_a_follow_up_that_was_waived_leaves_the_exit_it_had_made_missed(waived: str) -> None:
    life = taking_part(*attended(1, 2))
    life.facts = goodbye(life.facts, nth(2))
    life.now(nth(2))
    assert life.swept(nth(9) + 20 * DAY)[-2:] == ["exit 1.1 missed", "follow_up 1.1 open"]
    life.now(nth(12), follow_up_waived=waived)
    assert "exit 1.1 missed" in life.said()
    assert [w.state for w in life.facts.invitations if w.state == "open"] == []
    assert life.one("exit").reason["missed"] == {"wave": "follow_up", "sequence": 1}


@pytest.mark.req("R-352")
@pytest.mark.parametrize("asked_later", [False, True])
def test_an_exit_that_stands_stays_as_it_was_when_no_more_messages_are_wanted(
    asked_later: bool,
) -> None:
    """Stopped without an agreed last meeting; contact was welcome at the closing."""
    life = taking_part(*attended(1, 2))
    life.facts = goodbye(
        life.facts, nth(3), last_meeting_on=None, ended_on=nth(3), exited_on=nth(3)
    )
    life.now(nth(3))
    if asked_later:
        life.swept(nth(11))
    before = life.one("exit").state
    assert before == ("missed" if asked_later else "open")
    life.now(nth(12), follow_up_waived="contact_refused")
    assert life.one("exit").state == before


@pytest.mark.req("R-352", "R-204")
def test_contact_refused_at_a_second_closing_opens_nothing() -> None:
    """Closed, taken back and closed again on one evening, now without contact."""
    life = taking_part(*attended(1, 2))
    closed = {"phase": "former", "ended_on": nth(3), "exited_on": nth(3), "exit_kind": "other"}
    life.now(nth(3), **closed)
    assert life.said()[-1] == "exit 1.1 open"
    life.now(nth(3), phase="participating", ended_on=None, exited_on=None, exit_kind="")
    life.now(nth(3), **closed, follow_up_waived="contact_refused")
    assert life.said()[-1] == "exit 1.1 withdrawn"


@pytest.mark.req("R-352")
def test_what_stands_open_of_an_older_stay_ends_when_a_newer_one_begins() -> None:
    life = taking_part(*attended(1, 2))
    life.facts = goodbye(life.facts, nth(2))
    assert life.now(nth(2))[-1] == "exit 1.1 open"
    assert life.now(nth(4), follow_up_waived="returned")[-1] == "exit 1.1 closed"


@pytest.mark.req("R-352")
@pytest.mark.parametrize("waived", ["", "contact_refused", "returned"])
def test_a_newer_stay_ends_the_older_whatever_was_said_of_the_follow_up(waived: str) -> None:
    life = taking_part(*attended(1, 2))
    life.facts = goodbye(life.facts, nth(2))
    assert life.now(nth(2), follow_up_waived=waived)[-1].startswith("exit 1.1")
    assert life.now(nth(4), came_back=True)[-1] == "exit 1.1 closed"
    for day in (nth(5), nth(9) + 20 * DAY):
        assert life.swept(day)[-1] == "exit 1.1 closed", "and nothing new opens in it"


@pytest.mark.req("R-352")
def test_an_open_exit_of_somebody_erased_closes_and_is_not_taken_back() -> None:
    life = taking_part(*attended(1, 2))
    life.facts = goodbye(
        life.facts, nth(2), last_meeting_on=None, ended_on=nth(3), exited_on=nth(3)
    )
    assert life.now(nth(3))[-1] == "exit 1.1 open"
    assert life.now(nth(4), follow_up_waived="erased")[-1] == "exit 1.1 closed"


@pytest.mark.req("R-352", "R-218")
def test_what_closed_with_the_stay_is_not_missed_three_months_later() -> None:
    life = taking_part(*SIX)
    life.now(nth(6))
    life.facts = goodbye(
        life.facts,
        nth(6),
        exit_kind="drop_out",
        last_meeting_on=None,
        ended_on=nth(7),
        exited_on=nth(7),
    )
    assert life.now(nth(7))[-1] == "interim 1.1 closed"
    assert life.swept(nth(15))[-2:] == ["interim 1.1 closed", "follow_up 1.1 open"]


# ---- Holds ---------------------------------------------------------------------------------


@pytest.mark.req("R-351", "R-354")
def test_a_pause_that_begins_on_the_day_it_opened_takes_it_back_and_says_so() -> None:
    """Finding 8: opened late, on the very day on which the pause begins."""
    day = nth(6) + 5 * DAY
    life = taking_part(*attended(1, 2, 3, 4, 5), evening(6, recorded=day))
    assert life.now(day)[-1] == "interim 1.1 open"
    life.now(day, holds=(hold("paused", day),))
    assert life.one("interim").reason["withdrawn"] == {
        "on": day.isoformat(),
        "why": "on_hold",
        "kinds": ["paused"],
    }
    over = nth(9)
    life.now(over, holds=(hold("paused", day, over),))
    again = life.one("interim", 2)
    assert (again.state, again.opened_on) == ("open", over)
    assert again.reason["waited_for"] == ["paused"]


@pytest.mark.req("R-351")
def test_a_day_that_moved_while_the_call_was_lost_opens_when_it_is_noticed() -> None:
    """The sixth is another one by today's correction: nothing opens in the past."""
    day = nth(8)
    life = taking_part(*attended(1, 2, 3, 4, 5, 6, 7))
    life.now(nth(6))
    wrong = tuple(absent(3, day) if e.day == nth(3) else e for e in life.facts.evenings)
    life.now(day, evenings=wrong)
    again = life.one("interim", 2)
    assert (again.earned_on, again.opened_on) == (nth(7), day)
