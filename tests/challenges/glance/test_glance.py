"""What each person tries now, beside the name: on the start page, the group's page and the file."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from challenges.glance.going import of_group
from challenges.models import Challenge
from core import clock
from core.accounts.roles import Role
from participants.models import Recusal
from participants.recusal import recusal
from tests import world
from tests.challenges.thread.conftest import TODAY, TRIED, Scene, make_scene

TRIED_BEFORE = "Ik ga naast iemand zitten"


@pytest.fixture(autouse=True)
def _that_day() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    found = make_scene()
    found.tried(date(2026, 4, 3), TRIED_BEFORE)
    tried = found.tried(date(2026, 5, 8))
    found.meeting(date(2026, 6, 5))
    found.practised(tried, date(2026, 6, 5), outcome="partly")
    return found


def page(user: Any, name: str, *about: Any) -> str:
    return world.eyes(user).get(reverse(name, args=about)).content.decode()


@pytest.mark.req("R-004")
def test_the_newest_one_stands_beside_the_name_and_how_many_more(scene: Scene) -> None:
    karim = world.make_coordinator(scene.group.location.region)
    for user in (scene.fleur, karim):
        group = page(user, "groups:group", scene.group.pk)
        assert f"“{TRIED}” en nog 1" in group
        assert TRIED_BEFORE not in group
    assert f"“{TRIED}” en nog 1" in page(scene.fleur, "home:today")


@pytest.mark.req("R-004")
def test_nobody_reads_it_who_may_not_follow_a_challenge(scene: Scene) -> None:
    others = (
        world.make_manager(scene.group.location.organisation),
        world.make_national(Role.QUALITY_COORDINATOR),
        world.make_worker(world.make_group(), "Els Elders"),
        scene.riley.participant.user,
    )
    for user in others:
        assert TRIED not in page(user, "groups:group", scene.group.pk)
        assert of_group(scene.group, user) == {}
    said = Recusal.Said.WORKER
    recusal.recuse(trajectory=scene.casey, worker=scene.daan, by=scene.daan, said_by=said)
    assert TRIED not in page(scene.daan, "groups:group", scene.group.pk)
    assert TRIED not in page(scene.daan, "home:today")


def test_what_has_ended_stands_there_no_more(scene: Scene) -> None:
    Challenge.objects.update(state="laid_aside", ended_on=TODAY, ended_by=scene.fleur)
    assert TRIED not in page(scene.fleur, "groups:group", scene.group.pk)
    assert TRIED not in page(scene.fleur, "home:today")


def test_around_a_meeting_others_look_along_and_it_is_gone(scene: Scene) -> None:
    world.make_meeting(scene.group, TODAY)
    with clock.travel(clock.at(TODAY, scene.group.starts_at.hour, 30)):
        assert TRIED not in page(scene.fleur, "groups:group", scene.group.pk)
        assert TRIED not in page(scene.fleur, "home:today")


def test_the_file_tells_the_last_time_and_leads_to_the_thread(scene: Scene) -> None:
    file = page(scene.fleur, "home:file", scene.casey.pk)
    assert "Geoefend op 5 juni" in file
    assert reverse("home:thread", args=[scene.casey.pk]) in file
    assert "deels" in file
    with clock.travel(clock.at(TODAY + timedelta(days=1), 12)):
        Challenge.objects.all().delete()
        assert "Geoefend op" not in page(scene.fleur, "home:file", scene.casey.pk)
