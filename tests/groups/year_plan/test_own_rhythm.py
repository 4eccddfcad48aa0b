"""A group's own weekday, time and ages, set by its workers (R-119, R-121)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from groups.year_plan.own_rhythm import EXAMPLES, set_rhythm
from groups.year_plan.plan import year_plan
from tests import world
from tests.world import broken

TODAY = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.travel(TODAY):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(municipality=world.make_municipality("Voorbeeldstad", pc4="6811"))


@pytest.mark.req("R-119")
@pytest.mark.parametrize(("low", "high"), [*EXAMPLES, (12, 12), (14, 19), (12, 30)])
def test_any_band_within_12_to_30_is_the_groups_own(group: Group, low: int, high: int) -> None:
    """And who is of that age finds the group; who has a place keeps it."""
    stay = world.make_participating(group, since=TODAY - timedelta(days=90), age=14)
    place = group.location.work_area.get()
    worker = world.make_worker(group)
    set_rhythm(group=group, weekday=4, starts_at=time(19), age_from=low, age_until=high, by=worker)
    fits = [age for age in range(12, 31) if Group.objects.serving(place, age).exists()]
    assert fits == list(range(low, high + 1))
    assert stay.placements.open().exists()


@pytest.mark.req("R-119")
@pytest.mark.parametrize(("low", "high"), [(11, 16), (17, 31), (20, 19)])
def test_no_band_outside_the_programme(group: Group, low: int, high: int) -> None:
    with broken("age_band"):
        set_rhythm(
            group=group,
            weekday=4,
            starts_at=time(19),
            age_from=low,
            age_until=high,
            by=world.make_worker(group),
        )


@pytest.mark.req("R-121", "R-119")
def test_the_workers_set_it_and_the_next_proposals_follow(client: Client, group: Group) -> None:
    client.force_login(world.make_worker(group))
    stands = world.make_meeting(group, date(2026, 9, 4))
    address = reverse("groups:rhythm", args=[group.pk])
    assert client.get(address).status_code == 200
    sent = {"weekday": "2", "starts_at": "14:00", "age_from": "17", "age_until": "23"}
    assert client.post(address, sent | {"age_until": "16"}).status_code == 422
    assert client.post(address, sent | {"weekday": "8"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    group.refresh_from_db()
    assert (group.weekday, group.starts_at, group.age_from, group.age_until) == (
        2,
        time(14),
        17,
        23,
    )
    days = [day for day in year_plan(group).days if day.can_tick]
    assert {day.date.weekday() for day in days} == {2}
    stands.refresh_from_db()
    assert (stands.date, clock.local(stands.starts_at).hour) == (date(2026, 9, 4), 19)
