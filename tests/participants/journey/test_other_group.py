"""The choice of another group says age band and free places, and what does not fit (R-377)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from participants.journey.other_group import offered
from participants.models import Trajectory
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Group:
    return world.make_group(organisation=world.make_organisation("Welzijn Oost"))


@pytest.fixture
def noor(here: Group) -> Trajectory:
    since = clock.today() - timedelta(days=60)
    return world.make_participating(here, since=since, call_name="Noor", age=15)


def beside(here: Group, **fields: Any) -> Group:
    return world.make_group(organisation=here.location.organisation, **fields)


@pytest.mark.req_part("R-377")
def test_what_fits_the_age_is_first_then_what_is_near_then_what_has_a_place(
    here: Group, noor: Trajectory
) -> None:
    older = beside(here, name="A", age_from=17, age_until=23)
    full = beside(here, name="B", state="full")
    free = beside(here, name="D")
    same_house = beside(here, name="E")
    same_house.location = here.location
    same_house.save()
    elsewhere = world.make_group(name="C")
    found = offered(noor, Group.objects.exclude(pk=here.pk))
    assert [one.pk for one in found] == [
        same_house.pk,
        free.pk,
        full.pk,
        elsewhere.pk,
        older.pk,
    ]
    assert [one.fits_age for one in found] == [True] * 4 + [False]
    assert [one.free for one in found] == [15, 15, 0, 15, 15]


@pytest.mark.req_part("R-377")
def test_the_page_says_band_and_places_and_what_does_not_fit(here: Group, noor: Trajectory) -> None:
    older = beside(here, name="Groep 17–23", age_from=17, age_until=23, places_taken=12)
    page = eyes(world.make_worker(here)).get(reverse("groups:move", args=[noor.pk]))
    shown = page.content.decode()
    assert f'value="{older.pk}"' in shown
    assert "17–23 jaar" in shown
    assert "3 vrije plekken" in shown
    assert "Buiten de leeftijd van de groep" in shown


def test_what_was_chosen_and_typed_stays_when_it_is_refused(here: Group, noor: Trajectory) -> None:
    other = beside(here)
    client = eyes(world.make_worker(here))
    url = reverse("groups:move", args=[noor.pk])
    given = {"to_group": other.pk, "first_day": clock.today(), "reason": ""}
    page = client.post(url, given)
    assert page.status_code == 422
    assert f'value="{other.pk}" required checked' in page.content.decode()
    stranger = world.make_group()
    page = client.post(url, {**given, "to_group": stranger.pk, "reason": "Zomaar"})
    assert page.status_code == 422
    noor.refresh_from_db()
    assert noor.group == here


def test_the_next_page_of_a_refused_choice_is_the_applicants_own(here: Group) -> None:
    town = world.make_municipality()
    here.location.work_area.add(town)
    stay = world.make_trajectory(group=here, phase="signed_up", municipality=town)
    other = world.make_group(municipality=town)
    client = eyes(world.make_worker(here))
    url = reverse("participants:move_applicant", args=[stay.pk])
    refused = client.post(url, {"to_group": other.pk, "reason": ""})
    assert refused.status_code == 422
    assert f'value="{other.pk}" required checked' in refused.content.decode()
    page = client.get(url, {"q": "groep", "page": "2"})
    assert page.url == reverse("participants:applicant", args=[stay.pk]) + "?q=groep&page=2"


def test_a_group_of_another_town_is_not_offered_to_an_applicant(here: Group) -> None:
    town = world.make_municipality()
    stay = world.make_trajectory(group=here, phase="signed_up", municipality=town)
    far = world.make_group(name="Groep Verweg")
    client = eyes(world.make_worker(here))
    page = client.get(reverse("participants:applicant", args=[stay.pk]), {"q": "verweg"})
    assert "Groep Verweg" not in page.content.decode()
    url = reverse("participants:move_applicant", args=[stay.pk])
    assert client.post(url, {"to_group": far.pk, "reason": "Leuk"}).status_code == 422
