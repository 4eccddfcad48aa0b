"""What holds for every possible history of a stay, however facts are recorded and corrected."""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from questionnaires.cycle import export
from questionnaires.cycle.attended_meetings import counted, is_held
from questionnaires.cycle.facts import StayFacts
from questionnaires.cycle.waves import standing
from tests.questionnaires.histories import History, Step, scrambled
from tests.recount.recount import Stay

OFTEN = ["evening"] * 8 + ["late", "correct"] * 2 + ["answer"] * 3
SELDOM = [
    "talk",
    "consent",
    "start",
    "withdraw",
    "move",
    "cancel",
    "hold",
    "settle",
    "agree",
    "stay_after_all",
    "close",
    "reopen",
    "waive",
    "look_again",
]
BEGIN: list[Step] = [("talk", 0, 0), ("consent", 2, 0), ("start", 10, 1)]
EVENINGS: list[Step] = [("evening", 14, 0)] * 5


@st.composite
def stories(draw: st.DrawFn, longest: int) -> list[Step]:
    """Usually somebody who takes part already; then anything, from every day to every month."""
    begin: list[Step] = draw(st.sampled_from([[], BEGIN, BEGIN + EVENINGS]))
    step = st.tuples(
        st.sampled_from(OFTEN + SELDOM),
        st.one_of(st.integers(0, 3), st.just(14), st.integers(0, 100)),
        st.integers(0, 30),
    )
    return begin + draw(st.lists(step, max_size=longest))


def check(facts: StayFacts, before: StayFacts | None, day: object) -> None:
    rows = facts.invitations
    assert sum(w.state == "open" for w in rows) <= 1, "at most one wave is open"
    assert max(Counter(w.key for w in rows).values(), default=1) == 1, "no wave twice"
    for wave in rows:
        assert wave.earned_on <= wave.opened_on <= day
        if not wave.answered_on:
            assert not is_held(facts.holds, wave.opened_on), "nothing opens on hold"
        assert (wave.state == "answered") == (wave.answered_on is not None)
    for number in range(1, len(counted(facts)) // 6 + 1):
        found = [w for w in rows if w.key == ("interim", number)]
        assert len(found) <= 1
    if before is not None:
        now = {w.key: w for w in rows}
        for wave in before.invitations:
            if wave.answered_on:
                stays = now[wave.key]
                assert (stays.answered_on, stays.opened_on) == (wave.answered_on, wave.opened_on)


def prove(story: list[Step]) -> None:
    lazy = History()
    end = lazy.play(story)
    before = None
    for at, facts in lazy.seen:
        check(facts, before, clock.day_of(at))
        before = facts
        again = list(facts.invitations)
        assert standing(facts, at) == again, "looking again changes nothing"
        assert standing(facts, at, noticed_on=clock.evening_of(at)) == again
        assert standing(scrambled(facts), at) == again, "rebuilt equals grown"
    daily = History(every_day=True)
    assert daily.play(story) == end, "the sweep looks on the right days"
    assert daily.day == lazy.day


def prove_recount(story: list[Step]) -> None:
    """What the export says, recounted by a program that knows nothing of ours."""
    history = History()
    history.play(story)
    for at, facts in history.seen:
        day = clock.day_of(at)
        goodbye_said = any(w.answered_on and w.wave == "exit" for w in facts.invitations)
        if is_held(facts.holds, day) or (goodbye_said and facts.phase != "former"):
            continue  # noticed during a hold, or staying after all: not to be seen from outside
        exported = json.loads(json.dumps(export.row(facts)))
        assert list(Stay(exported, day).disagreements()) == []


common = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow],
}


@pytest.mark.req("R-131", "R-218", "R-205")
@settings(max_examples=60, **common)
@given(stories(longest=25))
def test_any_history_leaves_one_open_wave_and_can_be_rebuilt(story: list[Step]) -> None:
    prove(story)


@pytest.mark.req("R-131", "R-202", "R-203")
@settings(max_examples=60, **common)
@given(stories(longest=25))
def test_an_outsider_recounts_every_history_from_its_export(story: list[Step]) -> None:
    prove_recount(story)


@pytest.mark.deep
@pytest.mark.req("R-131", "R-218", "R-205")
@settings(max_examples=1000, **common)
@given(stories(longest=45))
def test_a_thousand_long_histories(story: list[Step]) -> None:
    prove(story)
    prove_recount(story)
