"""Where Join Us is wanted and not there: counts for who plans, never a person."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.accounts.roles import Role
from participants.models import InterestCount, InterestRegistration, TurnedAway
from participants.signup.demand import demand
from participants.signup.interest import delete_interest, register_interest
from participants.signup.sign_up import turn_away
from tests.world import (
    make_coordinator,
    make_group,
    make_municipality,
    make_national,
    make_region,
    make_worker,
)

pytestmark = pytest.mark.django_db
PAGE = "/waar-nog-niet/"


def wish(place: Any, times: int) -> None:
    for n in range(times):
        register_interest(municipality=place, age=15, email=f"{n}@{place.cbs_code}.example")


@pytest.mark.req("R-035", "R-044")
def test_the_counts_are_there_for_who_plans_and_survive_the_person(client: Any) -> None:
    place = make_municipality("Verweg")
    wish(place, 7)
    for row in InterestRegistration.objects.all():
        delete_interest(registration=row)
    for _n in range(6):
        turn_away(reason=TurnedAway.Reason.GROUP_FULL, region=None)
    client.force_login(make_national(Role.FOUNDATION))
    page = client.get(PAGE).content.decode()
    assert "Verweg" in page
    assert "<td>7</td>" in page
    assert "<td>6</td>" in page
    assert ".example" not in page


@pytest.mark.req("R-035")
def test_a_few_people_are_not_told_to_the_one(client: Any) -> None:
    wish(make_municipality("Klein"), 1)
    client.force_login(make_national(Role.FOUNDATION))
    page = client.get(PAGE).content.decode()
    assert "1 tot 4" in page
    assert "<td>1</td>" not in page


@pytest.mark.req("R-035")
def test_a_coordinator_sees_the_own_region_and_what_is_nobodys(client: Any) -> None:
    region = make_region()
    wish(make_municipality("Mijnplaats", region=region), 1)
    wish(make_municipality("Niemandsland"), 1)
    wish(make_municipality("Elders", region=make_region()), 1)
    client.force_login(make_coordinator(region))
    page = client.get(PAGE).content.decode()
    assert "Mijnplaats" in page
    assert "Niemandsland" in page
    assert "Elders" not in page
    client.force_login(make_worker(make_group()))
    assert client.get(PAGE).status_code == 403


def test_what_is_longer_ago_counts_in_all_only() -> None:
    place = make_municipality("Verweg")
    wish(place, 2)
    old = (clock.today() - timedelta(days=500)).replace(day=1)
    InterestCount.objects.create(month=old, municipality=place, times=10)
    (line,) = demand(make_national(Role.FOUNDATION), clock.today()).places
    assert (line.lately, line.in_all) == (2, 12)


@pytest.mark.parametrize("places", [2, 9])
def test_the_page_asks_as_much_for_more_places(
    client: Any, places: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(places):
        wish(make_municipality(f"Plaats {n}"), 1)
    client.force_login(make_national(Role.FOUNDATION))
    with django_assert_max_num_queries(8):
        assert client.get(PAGE).status_code == 200
