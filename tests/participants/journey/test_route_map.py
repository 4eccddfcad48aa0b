"""The route map: the whole path and the own position, and no stop that says you failed."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from participants.journey.route_map import DONE, HERE, NEXT, STOPS, Route, draw, route_of
from participants.models import PhaseChange, Trajectory
from tests import world

DAY = date(2026, 9, 1)
ORDER = ["signed_up", "intake", "trial", "participating", "leaving", "former"]


def drawn(phase: str, *reached: str, **facts: Any) -> Route:
    facts.setdefault("today", DAY)
    return draw(phase, dict.fromkeys(("signed_up", *reached), DAY), **facts)


def states(route: Route) -> list[str]:
    return [stop.state for stop in route.stops]


@pytest.mark.req("R-088", "R-089")
@pytest.mark.parametrize("phase", Trajectory.Phase.values)
def test_the_whole_path_with_leaving_and_afterwards_stands_there_at_every_moment(
    phase: str,
) -> None:
    route = drawn(phase)
    assert [stop.key for stop in route.stops] == [key for key, _title, _meaning in STOPS]
    assert [stop.key for stop in route.stops][-2:] == ["goodbye", "onward"]
    assert all(stop.meaning for stop in route.stops)


@pytest.mark.req("R-089")
@pytest.mark.parametrize(("n", "phase"), list(enumerate(ORDER)))
def test_the_own_position_moves_along(n: int, phase: str) -> None:
    route = drawn(phase, *ORDER[: n + 1])
    assert states(route) == [DONE] * n + [HERE] + [NEXT] * (5 - n)
    assert route.here is not None


def test_a_break_and_a_missing_yes_keep_the_place() -> None:
    pause = drawn("paused", "intake", "trial", "participating")
    assert pause.position == "join"
    assert "plek" in pause.now or "place" in pause.now
    blocked = drawn("participating", "intake", "trial", blocked=True)
    assert blocked.position == "join"
    assert blocked.now


@pytest.mark.parametrize("phase", ["referred", "withdrawn"])
def test_who_went_another_way_stands_nowhere_and_reads_something_kind(phase: str) -> None:
    route = drawn(phase, "intake")
    assert route.here is None
    assert route.after is None
    assert route.position == "none"
    assert states(route) == [DONE, DONE, NEXT, NEXT, NEXT, NEXT]
    assert route.now


def test_nobody_is_promised_a_question_that_does_not_come() -> None:
    asked = drawn("former", *ORDER)
    refused = drawn("former", *ORDER, asked_later=False)
    assert "maanden" in asked.now + asked.stops[-1].meaning
    assert "maanden" not in refused.now + refused.stops[-1].meaning
    assert "maanden" not in drawn("former", was_asked=True).now


def test_who_said_to_stop_reads_no_promise_of_a_next_step() -> None:
    route = drawn("participating", "intake", "trial", "participating", stopped=True)
    assert "oké" in route.now
    assert route.after is None


def test_without_a_goodbye_none_is_ticked_off() -> None:
    route = drawn("former", *ORDER[:4], dropped_out=True)
    assert states(route) == [DONE] * 4 + [NEXT, HERE]


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def stay(self) -> Trajectory:
        return world.make_trajectory(group=world.make_group(), phase="signed_up", call_name="Noor")

    @pytest.mark.req("R-088", "R-089")
    def test_on_the_first_day_the_young_person_sees_where_it_goes(self, stay, client) -> None:
        client.force_login(stay.participant.user)
        assert reverse("participants:own_route") in client.get("/vandaag/").content.decode()
        page = client.get("/mijn-route/").content.decode()
        assert "Je bent hier" in page
        for title in ("Aangemeld", "Eerste bijeenkomst", "Afscheid nemen", "Zelf verder"):
            assert title in page
        assert "Waarom het stopt" in page

    @pytest.mark.req("R-088")
    def test_the_worker_sees_the_same_and_the_file_shows_it_small(self, stay, client) -> None:
        client.force_login(world.make_worker(stay.group))
        url = reverse("participants:route", args=[stay.pk])
        assert url in client.get(f"/deelnemers/{stay.pk}/").content.decode()
        assert "Je bent hier" in client.get(url).content.decode()

    def test_a_former_participant_still_finds_it(self, client) -> None:
        stay = world.make_trajectory(
            group=world.make_group(),
            phase="former",
            exited_on=clock.today(),
            exit_kind="goal",
        )
        client.force_login(stay.participant.user)
        assert "Zelf verder" in client.get("/mijn-route/").content.decode()

    def test_it_costs_the_same_after_three_moves_and_after_thirty(
        self, stay, django_assert_num_queries
    ) -> None:
        user = stay.participant.user
        counts = set()
        for moves in (3, 27):
            for _n in range(moves):
                PhaseChange.objects.create(
                    trajectory=stay, from_phase="paused", to_phase="intake", at=clock.now()
                )
            client = Client()
            client.force_login(user)
            with django_assert_num_queries(1):
                route_of(stay)
            client.get("/mijn-route/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/mijn-route/")
            counts.add(len(asked))
        assert len(counts) == 1
        assert counts.pop() <= 6
