"""How what waits is shown: a few of everything first, the rest by urgency, a page for very many."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.ports import Todo
from groups.todo_kinds import Kind as GroupKind
from joinus.home.start.order import UNDER_A_HEADING, shown
from participants.todo_kinds import Kind
from tests import world


def waits(kind, urgency, number=1):
    return [Todo(kind, urgency, "", f"{kind} {n}", "", "", "/", about=None) for n in range(number)]


def kinds(todos):
    return [todo.kind for todo in todos]


def test_an_asked_for_pause_stands_in_sight_before_the_third_message_of_a_kind():
    found = shown(waits(GroupKind.ABSENCE, 1, 8) + waits(Kind.PAUSE_WISH, 1))
    assert (
        kinds(found.first) == [GroupKind.ABSENCE] * 2 + [Kind.PAUSE_WISH] + [GroupKind.ABSENCE] * 2
    )


def test_what_is_more_urgent_is_never_behind_what_is_less():
    found = shown(waits(Kind.APPLICANT_LATE, 0, 7) + waits(Kind.PAUSE_WISH, 1))
    assert kinds(found.first) == [Kind.APPLICANT_LATE] * 5
    assert [(s.heading, len(s.todos)) for s in found.rest] == [("Nu", 2), ("Vandaag", 1)]


def test_everything_stands_somewhere_and_once():
    todos = waits(Kind.WORRY, -1, 1) + waits(Kind.APPLICANT_NEW, 1, 40) + waits(Kind.PAUSE, 2, 3)
    found = shown(todos)
    beside = [todo for section in found.rest for todo in section.todos]
    assert len(found.first) + len(beside) + found.more == len(todos) == found.number
    assert len({id(todo) for todo in [*found.first, *beside]}) == len(found.first) + len(beside)
    assert found.more == 40 - 4 - UNDER_A_HEADING
    assert shown([]).behind == 0


@pytest.mark.django_db
@pytest.mark.req("R-374")
def test_three_hundred_new_ones_weigh_no_more_than_sixty(client: Client) -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    client.force_login(worker)
    weights: list[int] = []  # and one more: the group has no coming meeting
    for number in (60, 300):
        for n in range(number - (0 if not weights else 60)):
            world.make_trajectory(group=group, phase="signed_up", call_name=f"N{number}a{n}")
        page = client.get("/vandaag/")
        assert f"Alle {number + 1} bekijken" in page.content.decode()
        weights.append(len(page.content))
    assert abs(weights[1] - weights[0]) < 200
    everything = client.get("/vandaag/wat-wacht/?page=2").content.decode()
    assert everything.count('class="todo"') == 50
    assert "Pagina 2 van 7" in everything


@pytest.mark.django_db
def test_the_page_of_everything_costs_the_same_for_ten_and_for_sixty(
    client: Client, django_assert_num_queries
) -> None:
    group = world.make_group()
    client.force_login(world.make_worker(group))
    since = clock.now() - timedelta(days=5)
    for number in (10, 60):
        for _n in range(number):
            world.make_trajectory(group=group, phase="signed_up", signed_up_at=since)
        client.get("/vandaag/wat-wacht/")
        with django_assert_num_queries(4):
            client.get("/vandaag/wat-wacht/")


@pytest.mark.django_db
def test_a_young_person_has_no_such_page(client: Client) -> None:
    stay = world.make_participating(world.make_group(), since=clock.today())
    client.force_login(stay.participant.user)
    assert client.get("/vandaag/wat-wacht/").status_code == 404
