"""What came of a move that was asked: whoever it concerns hears it, once (R-377)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from groups.evenings.last_meeting import agree_last_meeting
from groups.models import GroupMove
from groups.seats.move_outcome import end_left_behind
from groups.seats.moving import answer_move, ask_move, lapse
from groups.seats.planned_move import call_off_move
from participants.models import Trajectory
from tests import world
from tests.groups.seats.test_moving import LATER, TODAY, Two, two
from tests.world import waiting

__all__ = ["two"]
KIND = "move_outcome"
DAY = timedelta(days=1)


def own(two: Two, asked: GroupMove) -> str:
    page = world.eyes(two.noor.participant.user).get(reverse("groups:own_move", args=[asked.pk]))
    return page.content.decode()


@pytest.mark.req("R-377")
def test_a_no_on_the_own_page_reaches_the_workers_who_asked(two: Two) -> None:
    asked = two.ask(two.near)
    answer_move(asked=asked, yes=False, by=two.noor.participant.user)
    (todo,) = waiting(two.worker, KIND)
    assert todo.title == "Noor gaat liever niet naar Groep zaterdag"
    assert not waiting(two.receiver, KIND)
    client = world.eyes(two.worker)
    for _press in range(2):
        assert client.post(todo.url).status_code == 302
    assert not waiting(two.worker, KIND)
    assert world.eyes(two.receiver).post(todo.url).status_code == 404


def test_what_a_worker_wrote_down_is_no_news_to_them(two: Two) -> None:
    asked = two.ask(two.near)
    answer_move(asked=asked, yes=False, by=two.worker, spoken_on=TODAY)
    assert not waiting(two.worker, KIND)


@pytest.mark.req("R-377")
def test_a_yes_on_the_own_page_tells_the_old_workers_when(two: Two) -> None:
    asked = two.ask(two.near, day=LATER)
    answer_move(asked=asked, yes=True, by=two.noor.participant.user)
    (todo,) = waiting(two.worker, KIND)
    assert "2 april" in todo.reason
    assert "Vanaf donderdag 2 april ga je naar Groep zaterdag." in own(two, asked)


def test_a_question_that_lapsed_is_said_until_it_is_asked_again(two: Two) -> None:
    asked = two.ask(two.near)
    with clock.travel(clock.at(TODAY + 15 * DAY, 12)):
        lapse(asked.pk)
        assert len(waiting(two.worker, KIND)) == 1
        ask_move(
            trajectory=two.noor,
            to_group=two.near,
            first_day=TODAY + 30 * DAY,
            reason="Nog eens.",
            by=two.worker,
        )
        assert not waiting(two.worker, KIND)


@pytest.mark.req("R-377")
def test_who_prepared_a_welcome_hears_that_it_was_called_off(two: Two) -> None:
    asked = two.ask(two.near, day=LATER, spoken=TODAY)
    world.eyes(two.receiver).post(reverse("groups:move_seen", args=[asked.pk]))
    call_off_move(trajectory=two.noor, by=two.worker)
    (todo,) = waiting(two.receiver, KIND)
    assert todo.title == "Noor komt toch niet naar Groep zaterdag"
    assert not waiting(two.worker, KIND)
    assert "Deze vraag is er niet meer. Je blijft in je eigen groep." in own(two, asked)
    world.eyes(two.receiver).post(todo.url)
    assert not waiting(two.receiver, KIND)


@pytest.mark.req("R-377")
def test_a_yes_that_waits_for_the_coordinator_can_be_taken_back(two: Two) -> None:
    asked = two.ask(two.older)
    client = world.eyes(two.noor.participant.user)
    page = reverse("groups:own_move", args=[asked.pk])
    client.post(page, {"answer": "yes"})
    assert "Toch blijf ik liever hier" in own(two, asked)
    client.post(page, {"answer": "no"})
    asked.refresh_from_db()
    assert asked.ended_why == "refused"
    assert not waiting(two.coordinator, "move_outside")


@pytest.mark.req("R-377")
def test_nobody_is_asked_about_who_says_goodbye(two: Two) -> None:
    asked = two.ask(two.older, spoken=TODAY)
    assert waiting(two.coordinator, "move_outside")
    last = world.make_meeting(two.group, TODAY + 14 * DAY)
    agree_last_meeting(trajectory=two.noor, meeting=last, by=two.worker)
    asked.refresh_from_db()
    assert asked.ended_why == "leaving"
    assert not waiting(two.coordinator, "move_outside")


def test_the_night_ends_what_was_left_behind(two: Two) -> None:
    asked = two.ask(two.older, spoken=TODAY)
    Trajectory.objects.filter(pk=two.noor.pk).update(phase="withdrawn")
    end_left_behind()
    asked.refresh_from_db()
    assert asked.ended_why == "leaving"
