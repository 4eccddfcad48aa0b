"""What the asked young person reads about another group, whatever became of it (R-377)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from groups.models import GroupMove
from groups.seats.moving import answer_move, decide_outside, take_back_move
from groups.seats.planned_move import call_off_move
from tests import world
from tests.groups.seats.test_moving import LATER, TODAY, Two, two
from tests.world import waiting

__all__ = ["two"]

ARRANGES = "Je begeleider regelt het."
STAYS = "Je blijft in je eigen groep."


def read(two: Two, asked: GroupMove) -> str:
    eyes = world.eyes(two.noor.participant.user)
    return eyes.get(reverse("groups:own_move", args=[asked.pk])).content.decode()


def yes(two: Two, asked: GroupMove) -> None:
    answer_move(asked=asked, yes=True, by=two.noor.participant.user)


@pytest.mark.req("R-377")
def test_the_question_names_day_first_time_and_until_when_it_stands(two: Two) -> None:
    two.near.weekday = 5
    two.near.save(update_fields=["weekday"])
    world.make_meeting(two.near, LATER - timedelta(days=7))
    world.make_meeting(two.near, LATER + timedelta(days=1))
    shown = read(two, two.ask(two.near, day=LATER))
    assert "zaterdag, om" in shown
    assert "vrijdag 3 april" in shown, "the first time after the first day"
    assert "27 maart" in shown, "two weeks from the asking"
    assert "26 maart" not in shown


@pytest.mark.req("R-377")
def test_a_first_day_that_passed_is_no_promise(two: Two) -> None:
    asked = two.ask(two.near, day=TODAY + timedelta(days=2))
    with clock.travel(clock.at(TODAY + timedelta(days=4), 12)):
        shown = read(two, asked)
    assert "15 maart" not in shown
    assert "Zodra je ja zegt." in shown


@pytest.mark.req("R-377")
def test_the_question_of_a_group_that_closes_has_no_last_day(two: Two) -> None:
    asked = two.ask(two.near, day=LATER)
    two.group.state = Group.State.CLOSED
    two.group.save(update_fields=["state"])
    assert "27 maart" not in read(two, asked)


@pytest.mark.req("R-377")
def test_after_a_yes_the_page_says_what_became_of_it(two: Two) -> None:
    asked = two.ask(two.near, day=LATER)
    yes(two, asked)
    assert "Vanaf donderdag 2 april ga je naar Groep zaterdag." in read(two, asked)
    (todo,) = waiting(two.noor.participant.user, "move_soon")
    assert "Groep zaterdag" in todo.title
    call_off_move(trajectory=two.noor, by=two.worker)
    assert STAYS in read(two, asked)
    assert not waiting(two.noor.participant.user, "move_soon")


@pytest.mark.req("R-377")
def test_a_yes_that_was_taken_back_is_arranged_by_nobody(two: Two) -> None:
    asked = two.ask(two.older, day=LATER)
    yes(two, asked)
    assert "Het is nog niet zeker." in read(two, asked), "the coordinator has to agree"
    take_back_move(asked=GroupMove.objects.get(pk=asked.pk), by=two.worker)
    shown = read(two, asked)
    assert STAYS in shown
    assert ARRANGES not in shown


@pytest.mark.req("R-377")
def test_a_no_of_the_coordinator_is_told_by_a_worker(two: Two) -> None:
    """Trust: a negative decision is never told by a machine, and somebody does tell it."""
    asked = two.ask(two.older, day=LATER)
    yes(two, asked)
    refused = GroupMove.objects.get(pk=asked.pk)
    decide_outside(asked=refused, agrees=False, by=two.coordinator, word="Te jong.")
    shown = read(two, asked)
    assert "Je begeleider vertelt je" in shown
    assert "Te jong" not in shown
    assert not waiting(two.receiver, "move_tell")
    (todo,) = waiting(two.worker, "move_tell")
    told = reverse("groups:move_outcome", args=[asked.pk])
    page = world.eyes(two.worker).get(todo.url).content.decode()
    assert "Te jong." in page, "the worker reads why, and says it there"
    assert told in page
    assert world.eyes(two.receiver).post(told).status_code == 404
    assert world.eyes(two.noor.participant.user).post(told).status_code == 404
    for _twice in range(2):
        assert world.eyes(two.worker).post(told).status_code == 302
    assert not waiting(two.worker, "move_tell")
    assert GroupMove.objects.get(pk=asked.pk).outcome_seen_by == two.worker


@pytest.mark.req("R-377")
def test_who_is_asked_something_else_need_not_be_told(two: Two) -> None:
    asked = two.ask(two.older, day=LATER)
    decide_outside(asked=asked, agrees=False, by=two.coordinator, word="Te jong.")
    assert waiting(two.worker, "move_tell")
    with clock.travel(clock.at(TODAY, 14)):
        two.ask(two.near, day=LATER)
        assert not waiting(two.worker, "move_tell")
