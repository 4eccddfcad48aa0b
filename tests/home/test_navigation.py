"""The bar at the bottom of a young person's phone: what is of use in each phase, and it opens."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from core import clock
from joinus.home.navigation import TABS, tabs_of
from participants.models import Trajectory
from tests import world

pytestmark = pytest.mark.django_db

HELP, ABOUT_ME = "participants:who_helps", "participants:details"
ARRIVING = ["home:today", "participants:own_route", ABOUT_ME, HELP]
IN_GROUP = ["home:today", "groups:calendar", "challenges:mine", "groups:mine", HELP]
LEFT = ["home:today", "participants:onward", ABOUT_ME, HELP]
ELSEWHERE = ["home:today", ABOUT_ME, HELP]
TRIAL = ["home:today", "groups:calendar", "participants:own_route", "participants:who_helps"]
WANTED = {
    "signed_up": ARRIVING,
    "intake": ARRIVING,
    "trial": TRIAL,
    "participating": IN_GROUP,
    "paused": IN_GROUP,
    "leaving": IN_GROUP,
    "former": LEFT,
    "referred": ELSEWHERE,
    "withdrawn": ELSEWHERE,
    "stopped": LEFT,
}


def address(name: str) -> str:
    """Empty for a page that is not built yet: then no tab stands there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def stay_in(phase: str) -> Trajectory:
    group = world.make_group()
    world.make_worker(group)
    today = clock.today()
    facts: dict[str, Any] = {}
    if phase == "former":
        facts = {"exited_on": today, "ended_on": today, "exit_kind": "goal"}
    elif phase == "stopped":
        phase, facts = "participating", {"stopped_on": today}
    stay = world.make_trajectory(group=group, phase=phase, age=17, **facts)
    if phase in ("trial", "participating", "paused", "leaving"):
        world.seat(stay, first_day=today - timedelta(days=20), trial=phase == "trial")
    return stay


@pytest.mark.req("R-018", "R-019")
@pytest.mark.parametrize("phase", list(WANTED))
def test_every_tab_of_every_phase_is_of_use_there_and_answers(phase: str) -> None:
    client = Client()
    client.force_login(stay_in(phase).participant.user)
    page = client.get("/vandaag/")
    wanted = [url for name in WANTED[phase] if (url := address(name))]
    assert [item.url for item in page.context["nav"]] == wanted
    assert len(wanted) <= 5
    assert wanted[-1] == "/wie-kan-helpen/", "help is the last item, always"
    bar = page.content.decode().split("tabbar")[1]
    for url in wanted:
        assert f'href="{url}"' in bar
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert [item.url for item in answer.context["nav"] if item.current] == [url]


def test_no_phase_is_without_a_bar() -> None:
    assert set(TABS) == set(Trajectory.Phase.values)


def test_the_newest_stay_decides_and_nobody_has_only_the_start_page() -> None:
    old = stay_in("withdrawn")
    Trajectory.objects.update(signed_up_at=clock.now() - timedelta(days=300))
    world.make_trajectory(participant=old.participant, group=old.group, phase="signed_up")
    assert [e.name for e in tabs_of(old.participant.user)] == ARRIVING
    assert [e.name for e in tabs_of(world.make_participant().user)] == ["home:today", HELP]


def test_who_can_help_names_no_worker_who_stays_out_and_shows_no_photo_after_leaving() -> None:
    from participants.recusal.recusal import recuse

    stay = stay_in("participating")
    assert stay.group is not None
    fleur = world.make_worker(stay.group, "Daan Smit")
    face = world.make_portrait(fleur)
    client = Client()
    client.force_login(stay.participant.user)
    page = client.get("/wie-kan-helpen/").content.decode()
    assert f"/gezichten/{face.pk}/" in page
    assert "112" in page
    day = clock.today()
    Trajectory.objects.update(phase="former", exited_on=day, ended_on=day, exit_kind="goal")
    page = client.get("/wie-kan-helpen/").content.decode()
    assert "Daan" in page
    assert "/gezichten/" not in page
    Trajectory.objects.update(phase="participating", exited_on=None, exit_kind="")
    recuse(trajectory=stay, worker=fleur, by=stay.participant.user, said_by="young_person")
    assert "Daan" not in client.get("/wie-kan-helpen/").content.decode()


@pytest.mark.parametrize("phase", list(WANTED))
def test_about_me_leads_nowhere_that_refuses(phase: str) -> None:
    client = Client()
    client.force_login(stay_in(phase).participant.user)
    page = client.get("/mijn-gegevens/").content.decode().split('id="content"')[1]
    links = {part.split('"')[0] for part in page.split('href="')[1:]}
    assert {url: client.get(url).status_code for url in links} == dict.fromkeys(links, 200)
