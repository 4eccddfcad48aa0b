"""The own start page before the first evening: who gets in touch, what comes next, the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from participants.models import Intake, Trajectory
from participants.recusal.recusal import recuse
from participants.signup import what_to_expect
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    organisation = world.make_organisation("Welzijn Oost", phone="030 123 45 67")
    return world.make_group(organisation=organisation)


@pytest.fixture
def fleur(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def daan(group: Group) -> Any:
    return world.make_worker(group, "Daan Smit")


def start_of(stay: Trajectory) -> str:
    client = Client()
    client.force_login(stay.participant.user)
    page = client.get("/vandaag/")
    assert page.status_code == 200
    return " ".join(page.content.decode().split('id="content"')[1].split("</main>")[0].split())


def signed_up(group: Group | None, **fields: Any) -> Trajectory:
    return world.make_trajectory(group=group, phase="signed_up", call_name="Noor", **fields)


@pytest.mark.req("R-047")
def test_who_signed_up_sees_who_calls_with_a_face_at_which_hour_and_until_when(
    group: Group, fleur: Any, daan: Any
) -> None:
    portrait = world.make_portrait(fleur)
    stay = signed_up(group, first_contact_when="16")
    Trajectory.objects.update(first_contact_by="call")
    page = start_of(stay)
    assert "Je wordt gebeld door" in page
    assert "Daan of Fleur" in page
    assert "Jansen" not in page
    assert f"/gezichten/{portrait.pk}/" in page
    assert "Tussen 16 en 17 uur" in page
    from django.utils.formats import date_format

    from participants.signup.first_contact import promised_by

    assert date_format(promised_by(clock.today()), "j F") in page


def test_only_the_one_asked_for_and_never_one_who_stays_out(
    group: Group, fleur: Any, daan: Any
) -> None:
    stay = signed_up(group, first_contact_with=daan)
    assert "Fleur" not in start_of(stay)
    recuse(trajectory=stay, worker=daan, by=stay.participant.user, said_by="young_person")
    page = start_of(stay)
    assert "Fleur" in page
    assert "Daan" not in page


def test_somebody_all_workers_know_and_somebody_without_a_group_read_who_looks_for_them(
    group: Group, fleur: Any
) -> None:
    stay = signed_up(group)
    recuse(trajectory=stay, worker=fleur, by=stay.participant.user, said_by="young_person")
    assert "We zoeken iemand anders voor je" in start_of(stay)
    assert "We zoeken de groep die bij je past" in start_of(signed_up(None))


def test_a_promise_that_was_not_kept_is_said_with_whom_to_call(group: Group, fleur: Any) -> None:
    stay = signed_up(group)
    assert "030 123 4567" not in start_of(stay)
    Trajectory.objects.update(signed_up_at=clock.now() - timedelta(days=9))
    page = start_of(stay)
    assert "030 123 4567" in page
    Trajectory.objects.update(contacted_at=clock.now())
    page = start_of(stay)
    assert "030 123 4567" not in page
    assert "Nu: het eerste gesprek" in page


@pytest.mark.req("R-045")
def test_who_waits_reads_since_when_and_no_rank(group: Group, fleur: Any) -> None:
    day = clock.today()
    for ago, phase in ((20, "intake"), (12, "signed_up"), (3, "signed_up"), (30, "withdrawn")):
        signed_up_at = clock.now() - timedelta(days=ago)
        world.make_trajectory(
            group=group,
            phase=phase,
            waiting_since=day - timedelta(days=ago),
            signed_up_at=signed_up_at,
        )
    elsewhere = world.make_group()
    signed_up(elsewhere, waiting_since=day - timedelta(days=40))
    stay = signed_up(group, waiting_since=day - timedelta(days=5))
    page = start_of(stay)
    assert "Je staat op de wachtlijst" in page
    assert "2 mensen" not in page, "no rank: the worker chooses"
    Trajectory.objects.filter(pk=stay.pk).update(waiting_since=None)
    assert "Je staat op de wachtlijst" not in start_of(stay)


@pytest.mark.req("R-064")
def test_a_decision_is_read_only_after_a_person_told_it(group: Group, fleur: Any) -> None:
    """Until then a talk that goes on, one that fits and one that does not read the same."""
    pages = set()
    for decision in ("", "suitable", "referred"):
        stay = world.make_trajectory(group=group, phase="intake", call_name="Noor")
        Intake.objects.create(trajectory=stay, decision=decision)
        pages.add(start_of(stay).split("Waar sta ik")[0])
    assert len(pages) == 1
    (page,) = pages
    assert "vertelt je zelf hoe het verder gaat" in page


def test_told_that_it_fits_the_next_step_is_one_evening_or_the_list(
    group: Group, fleur: Any
) -> None:
    stay = world.make_suitable(group, agreed=False)
    Intake.objects.update(told_at=clock.now())
    assert "Hierna: één keer kijken" in start_of(stay)
    Trajectory.objects.update(waiting_since=clock.today())
    page = start_of(stay)
    assert "Hierna: één keer kijken" not in page
    assert "Je staat op de wachtlijst" in page
    assert "Fleur" in page


@pytest.mark.req("R-088", "R-089")
@pytest.mark.parametrize(
    ("phase", "here", "after"),
    [
        ("signed_up", "Aangemeld", "Hierna.</b> Je praat over wat jij wilt"),
        ("intake", "Eerste gesprek", "Als het past.</b> Je komt één keer kijken"),
    ],
)
def test_the_whole_route_stands_there_with_what_comes_next_and_why(
    group: Group, phase: str, here: str, after: str
) -> None:
    page = start_of(world.make_trajectory(group=group, phase=phase))
    assert 'class="map"' in page
    assert f"Je bent nu bij: {here}" in page
    assert after in page
    assert "Afscheid" in page


def test_after_the_first_evening_has_come_the_page_is_the_ordinary_one(group: Group) -> None:
    for phase in ("trial", "participating", "paused", "leaving", "referred", "withdrawn"):
        stay = world.make_trajectory(group=group, phase=phase)
        assert what_to_expect.expecting(stay) is None
    assert 'class="map"' not in start_of(stay)


def test_it_costs_the_same_with_one_and_with_twelve_on_the_list(
    group: Group, fleur: Any, django_assert_num_queries: Any
) -> None:
    stay = signed_up(group, waiting_since=clock.today())
    for number in (1, 12):
        for _n in range(number):
            signed_up(group, waiting_since=clock.today() - timedelta(days=2))
        with django_assert_num_queries(2):
            what_to_expect.expecting(stay)


@pytest.mark.req("R-088")
def test_the_worker_finds_route_and_code_on_the_page_of_somebody_who_signed_up(
    group: Group, fleur: Any
) -> None:
    stay = signed_up(group)
    client = Client()
    client.force_login(fleur)
    url = reverse("participants:applicant", args=[stay.pk])
    page = client.get(url).content.decode()
    for name in ("route", "hand_code"):
        address = reverse(f"participants:{name}", args=[stay.pk])
        assert address in page
        answer = client.get(address)
        assert answer.status_code == 200
        assert f'href="{url}"' in answer.content.decode()


def test_the_coordinator_of_somebody_without_a_group_has_neither(group: Group) -> None:
    stay = signed_up(None)
    client = Client()
    client.force_login(world.make_coordinator(stay.region))
    page = client.get(reverse("participants:applicant", args=[stay.pk]))
    assert page.status_code == 200
    for name in ("route", "hand_code"):
        assert reverse(f"participants:{name}", args=[stay.pk]) not in page.content.decode()
