"""Hypotheses beside each other, what they rest on, and who agrees (R-150, R-151, R-153)."""

from datetime import timedelta
from typing import Any

import pytest

from challenges.hypotheses.agreeing import Answers, answers, say_opinion
from challenges.hypotheses.grounds import enough
from challenges.hypotheses.thinking import change_hypothesis, withdraw
from challenges.models import Hypothesis, HypothesisObservation, Mechanism, Observation, Opinion
from challenges.observations.abc_scheme import let_stand, take_back
from core import clock
from core.errors import NotYours, RuleBroken
from core.ids import uuid7
from participants.models import Trajectory
from participants.recusal.recusal import guides_of, recuse
from tests import world
from tests.challenges.hypotheses.conftest import (
    NOT_ABLE,
    NOT_DARING,
    THINKS,
    Minds,
    leave,
    move,
)
from tests.challenges.observations.conftest import DAY


def refused(act: Any, **facts: Any) -> str:
    with pytest.raises(RuleBroken) as broken:
        act(**facts)
    return broken.value.code


def said_of(row: Hypothesis) -> Answers:
    row.refresh_from_db()
    return answers(row, row.opinions.select_related("by"), guides_of(row.trajectory))


def seen(at: object, *, taken_back: bool = False) -> Observation:
    return Observation(
        meeting_id=at, taken_back_at=clock.at(DAY, 20) if taken_back else None, seen_on=DAY
    )


class TestWhatItRestsOn:
    @pytest.mark.req("R-150")
    def test_two_observations_of_two_meetings(self) -> None:
        one, other = uuid7(), uuid7()
        assert not enough([])
        assert not enough([seen(one)])
        assert not enough([seen(one), seen(one)]), "two, of one meeting"
        assert not enough([seen(one), seen(None)]), "outside the meetings is no meeting"
        assert not enough([seen(one), seen(other, taken_back=True)])
        assert enough([seen(one), seen(other)])

    @pytest.mark.req("R-150")
    def test_only_of_the_same_stay(self, scene: Minds) -> None:
        mine, other = scene.saw(), scene.saw(stay=scene.riley)
        with pytest.raises(RuleBroken) as broken:
            scene.think(mine, other)
        assert broken.value.code == "other_observation"
        assert not Hypothesis.objects.exists(), "nothing half done"
        row = scene.think(mine)
        idea = scene.idea(other)
        assert refused(change_hypothesis, hypothesis=row, idea=idea, by=scene.fleur) == (
            "other_observation"
        )
        assert [one.observation_id for one in row.grounds.all()] == [mine.pk]

    @pytest.mark.req("R-150")
    def test_what_was_taken_back_keeps_its_place(self, scene: Minds) -> None:
        first, second = scene.saw(), scene.saw(14)
        row = scene.think(first, second)
        take_back(observation=second, by=scene.fleur)
        change_hypothesis(hypothesis=row, idea=scene.idea(first, text="Anders"), by=scene.daan)
        let_stand(observation=second, by=scene.fleur)
        assert HypothesisObservation.objects.filter(hypothesis=row).count() == 2
        change_hypothesis(hypothesis=row, idea=scene.idea(second), by=scene.daan)
        assert [one.observation_id for one in row.grounds.all()] == [second.pk]


class TestBesideEachOther:
    @pytest.mark.req("R-151")
    def test_several_stand_each_with_one_of_the_two_mechanisms(self, scene: Minds) -> None:
        able = scene.think()
        daring = scene.think(text="Denkt dat de anderen Casey raar vinden", mechanism=NOT_DARING)
        assert list(Hypothesis.objects.standing()) == [able, daring]
        assert set(Mechanism.values) == {NOT_ABLE, NOT_DARING}
        for odd in ("", "lui", "social_skills_deficit,negative_cognitions"):
            with pytest.raises(RuleBroken) as broken:
                scene.think(mechanism=odd)
            assert (broken.value.code, broken.value.field) == ("no_such_mechanism", "mechanism")

    def test_sent_twice_it_stands_once_and_no_other_person_has_its_id(self, scene: Minds) -> None:
        same = uuid7()
        assert scene.think(client_id=same) == scene.think(client_id=same)
        assert Hypothesis.objects.count() == 1
        for other in ({"by": scene.daan}, {"stay": scene.riley}):
            with pytest.raises(RuleBroken) as broken:
                scene.think(client_id=same, **other)
            assert broken.value.code == "client_id_used"

    def test_without_words_nothing_is_written(self, scene: Minds) -> None:
        with pytest.raises(RuleBroken) as broken:
            scene.think(text="  \n")
        assert broken.value.code == "text_needed"

    def test_only_while_the_stay_goes_on_and_nothing_is_missing(self, scene: Minds) -> None:
        row = scene.think()
        Trajectory.objects.filter(pk=scene.casey.pk).update(blocked_reason="parent_withdrew")
        facts = {"hypothesis": row, "by": scene.daan}
        assert refused(say_opinion, agrees=True, version=1, **facts) == "waits_for_a_yes"
        assert refused(change_hypothesis, idea=scene.idea(), **facts) == "waits_for_a_yes"
        Trajectory.objects.filter(pk=scene.casey.pk).update(blocked_reason="", phase="signed_up")
        assert refused(withdraw, hypothesis=row, by=scene.fleur) == "not_in_the_group"
        with pytest.raises(RuleBroken):
            scene.think()


class TestWithdrawing:
    def test_a_slip_of_today_leaves_nothing(self, scene: Minds) -> None:
        row = scene.think(scene.saw())
        assert refused(withdraw, hypothesis=row, by=scene.daan) == "no_slip_any_more"
        withdraw(hypothesis=row, by=scene.fleur)
        assert not Hypothesis.objects.exists()
        assert not Opinion.objects.exists()

    def test_not_after_a_colleague_answered_and_not_tomorrow(self, scene: Minds) -> None:
        row, other = scene.think(), scene.think()
        say_opinion(hypothesis=row, agrees=False, by=scene.daan, version=1)
        assert refused(withdraw, hypothesis=row, by=scene.fleur) == "no_slip_any_more"
        with clock.travel(clock.at(DAY + timedelta(days=1), 9)):
            assert refused(withdraw, hypothesis=other, by=scene.fleur) == "no_slip_any_more"


class TestWhetherBothAgree:
    @pytest.mark.req("R-153")
    def test_the_writer_agrees_and_the_other_is_asked(self, scene: Minds) -> None:
        row = scene.think()
        found = said_of(row)
        assert [(one.by, one.agrees) for one in found.now] == [(scene.fleur, True)]
        assert (found.asked, found.agreed, found.waits) == ([scene.daan], False, True)
        say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1, text=" Ja, ik ook ")
        found = said_of(row)
        assert [(one.by, one.text) for one in found.now][1] == (scene.daan, "Ja, ik ook")
        assert (found.asked, found.agreed, found.waits) == ([], True, False)

    @pytest.mark.req("R-153")
    def test_who_sees_it_differently_is_recorded_and_may_come_back_to_it(
        self, scene: Minds
    ) -> None:
        row = scene.think()
        say_opinion(hypothesis=row, agrees=False, by=scene.daan, version=1, text="Eerder spanning")
        found = said_of(row)
        assert (found.agreed, found.differs, found.asked) == (False, True, [])
        say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)
        assert said_of(row).agreed
        assert row.opinions.count() == 2, "one of each worker"

    @pytest.mark.req("R-153")
    def test_an_opinion_is_of_a_version(self, scene: Minds) -> None:
        row = scene.think()
        say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)
        change_hypothesis(hypothesis=row, idea=scene.idea(text="Anders"), by=scene.fleur)
        found = said_of(row)
        assert [one.by for one in found.now] == [scene.fleur]
        assert [one.by for one in found.before] == [scene.daan]
        assert found.asked == [scene.daan]
        stale = {"hypothesis": row, "agrees": True, "by": scene.daan, "version": 1}
        assert refused(say_opinion, **stale) == "changed_meanwhile"
        say_opinion(**stale | {"version": row.version})
        assert said_of(row).agreed

    @pytest.mark.req("R-153")
    def test_who_rewrites_it_agrees_and_its_first_writer_is_asked(self, scene: Minds) -> None:
        row = scene.think()
        idea = scene.idea(mechanism=NOT_DARING)
        change_hypothesis(hypothesis=row, idea=idea, by=scene.daan)
        found = said_of(row)
        assert [one.by for one in found.now] == [scene.daan]
        assert found.asked == [scene.fleur]

    @pytest.mark.req("R-153")
    def test_one_more_observation_asks_nobody_again(self, scene: Minds) -> None:
        row = scene.think()
        say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)
        change_hypothesis(hypothesis=row, idea=scene.idea(scene.saw()), by=scene.daan)
        assert said_of(row).agreed
        assert row.grounds.count() == 1

    @pytest.mark.req("R-153")
    def test_one_is_ill_and_a_substitute_answers(self, scene: Minds) -> None:
        row = scene.think()
        noor = world.make_worker(scene.group, "Noor Smit")
        assert set(said_of(row).asked) == {scene.daan, noor}
        say_opinion(hypothesis=row, agrees=True, by=noor, version=1)
        found = said_of(row)
        assert (found.agreed, found.asked) == (True, []), "Daan is not asked any more"
        say_opinion(hypothesis=row, agrees=False, by=scene.daan, version=1)
        assert not said_of(row).agreed, "back again, Daan may still say so"

    @pytest.mark.req("R-153")
    def test_one_has_left_and_the_successor_is_asked(self, scene: Minds) -> None:
        row = scene.think()
        leave(scene.fleur, DAY)
        assert said_of(row).asked == [scene.daan]
        leave(scene.daan, DAY)
        assert said_of(row).asked == []
        noor = world.make_worker(scene.group, "Noor Smit")
        assert said_of(row).asked == [noor]
        say_opinion(hypothesis=row, agrees=True, by=noor, version=1)
        assert said_of(row).agreed, "what Fleur said goes on to count"
        late = {"hypothesis": row, "agrees": True, "by": scene.fleur, "version": 1}
        with pytest.raises(NotYours):
            say_opinion(**late)

    def test_who_stays_out_is_not_asked_and_cannot_answer(self, scene: Minds) -> None:
        row = scene.think()
        recuse(trajectory=scene.casey, worker=scene.daan, by=scene.daan, said_by="worker")
        assert said_of(row).asked == []
        with pytest.raises(NotYours):
            say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)

    def test_in_another_group_its_workers_go_on_and_the_old_ones_do_not(self, scene: Minds) -> None:
        row = scene.think()
        new = world.make_group()
        bo, els = world.make_worker(new, "Bo Elders"), world.make_worker(new, "Els Bos")
        move(scene.casey, new)
        row = Hypothesis.objects.get()
        assert set(said_of(row).asked) == {bo, els}
        with pytest.raises(NotYours):
            say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)
        say_opinion(hypothesis=row, agrees=True, by=bo, version=1)
        assert row.text == THINKS
