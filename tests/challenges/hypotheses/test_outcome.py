"""What the talk made of it: recognised, changed or let go, with the day (R-157)."""

from datetime import timedelta
from typing import Any

import pytest

from challenges.hypotheses import outcome
from challenges.hypotheses.agreeing import say_opinion
from challenges.hypotheses.thinking import change_hypothesis, withdraw
from challenges.models import Hypothesis
from core import clock
from core.errors import NotYours, RuleBroken
from core.ids import uuid7
from tests.challenges.hypotheses.conftest import NOT_DARING, Minds, leave
from tests.challenges.observations.conftest import DAY

TOMORROW = DAY + timedelta(days=1)


def refused(act: Any, **facts: Any) -> str:
    with pytest.raises(RuleBroken) as broken:
        act(**facts)
    return broken.value.code


@pytest.mark.req("R-157")
def test_of_two_one_is_recognised_and_one_let_go_as_with_casey(scene: Minds) -> None:
    able, daring = scene.think(), scene.think(mechanism=NOT_DARING)
    with clock.travel(clock.at(TOMORROW, 21)):
        outcome.confirm(hypothesis=able, by=scene.daan, on=DAY, text="Kent het spel niet")
        outcome.drop(hypothesis=daring, by=scene.fleur, on=TOMORROW)
    able.refresh_from_db()
    daring.refresh_from_db()
    assert (able.outcome, able.outcome_on, able.outcome_by) == ("confirmed", DAY, scene.daan)
    assert able.outcome_text == "Kent het spel niet"
    assert (daring.outcome, daring.outcome_on) == ("dropped", TOMORROW)
    assert list(Hypothesis.objects.standing()) == [able]


@pytest.mark.req("R-157")
def test_changed_it_points_to_what_stands_instead_and_the_colleague_is_asked(
    scene: Minds,
) -> None:
    old = scene.think(scene.saw())
    say_opinion(hypothesis=old, agrees=True, by=scene.daan, version=1)
    facts = {
        "hypothesis": old,
        "idea": scene.idea(text="Durft het niet te vragen", mechanism=NOT_DARING),
        "client_id": uuid7(),
        "by": scene.fleur,
        "on": DAY,
    }
    new = outcome.replace(**facts)
    assert outcome.replace(**facts) == new, "sent twice it is done once"
    old.refresh_from_db()
    assert (old.outcome, old.outcome_on, old.instead) == ("changed", DAY, new)
    assert list(Hypothesis.objects.standing()) == [new]
    assert [one.by for one in new.opinions.all()] == [scene.fleur]
    assert refused(withdraw, hypothesis=new, by=scene.fleur) == "no_slip_any_more"


@pytest.mark.req("R-157")
def test_undone_on_the_same_day_by_either_and_not_tomorrow(scene: Minds) -> None:
    row = scene.think()
    outcome.drop(hypothesis=row, by=scene.fleur, on=DAY, text="Toch niet")
    outcome.undo(hypothesis=row, by=scene.daan)
    row.refresh_from_db()
    assert (row.outcome, row.outcome_on, row.outcome_by, row.outcome_text) == ("", None, None, "")
    assert outcome.undo(hypothesis=row, by=scene.daan).outcome == "", "twice is once"
    outcome.confirm(hypothesis=row, by=scene.fleur, on=DAY)
    with clock.travel(clock.at(TOMORROW, 9)):
        assert refused(outcome.undo, hypothesis=row, by=scene.fleur) == "too_late"


def test_undone_after_a_change_both_stand_beside_each_other(scene: Minds) -> None:
    old = scene.think()
    new = outcome.replace(
        hypothesis=old, idea=scene.idea(text="B"), client_id=uuid7(), by=scene.fleur, on=DAY
    )
    outcome.undo(hypothesis=old, by=scene.fleur)
    assert list(Hypothesis.objects.standing()) == [old, new]
    assert old.instead is None


def test_the_second_hears_who_was_first(scene: Minds) -> None:
    """Two people; the own button twice is once."""
    row, mine = scene.think(), Hypothesis.objects.get()
    outcome.drop(hypothesis=row, by=scene.fleur, on=DAY)
    outcome.drop(hypothesis=row, by=scene.fleur, on=DAY)
    for act in (outcome.confirm, outcome.drop):
        with pytest.raises(RuleBroken, match="Fleur") as broken:
            act(hypothesis=mine, by=scene.daan, on=DAY)
        assert broken.value.code == "settled"
    changed = {"hypothesis": mine, "idea": scene.idea(text="B"), "by": scene.daan}
    assert refused(outcome.replace, client_id=uuid7(), on=DAY, **changed) == "settled"
    assert Hypothesis.objects.count() == 1, "nothing half done"
    assert refused(change_hypothesis, **changed) == "settled"
    late = {"hypothesis": mine, "by": scene.daan, "agrees": True, "version": 1}
    assert refused(say_opinion, **late) == "let_go"


@pytest.mark.req("R-153")
def test_what_was_recognised_before_the_colleague_answered_can_still_be_agreed_with(
    scene: Minds,
) -> None:
    row = scene.think()
    outcome.confirm(hypothesis=row, by=scene.fleur, on=DAY)
    say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)
    assert row.opinions.count() == 2


def test_only_on_a_day_since_it_was_written_and_until_today(scene: Minds) -> None:
    row = scene.think()
    for day in (DAY - timedelta(days=1), TOMORROW):
        assert refused(outcome.confirm, hypothesis=row, by=scene.fleur, on=day) == "not_then"


def test_who_does_not_lead_the_group_any_more_decides_nothing(scene: Minds) -> None:
    row = scene.think()
    leave(scene.daan, DAY)
    for act in (outcome.confirm, outcome.drop):
        with pytest.raises(NotYours):
            act(hypothesis=row, by=scene.daan, on=DAY)
    with pytest.raises(NotYours):
        outcome.undo(hypothesis=row, by=scene.daan)
