"""A meeting in whose logbook nobody wrote: said to the workers and the coordinator (R-142)."""

from datetime import date, timedelta

import pytest
from django.test import override_settings

from core import clock
from core.accounts.models import User
from groups.logbook.parts import Kind, write_parts
from groups.logbook.talks import note_talk, take_back_talk
from groups.models import Meeting
from tests import world
from tests.groups.logbook.conftest import DAY, Scene

pytestmark = pytest.mark.req("R-142")
LATER = DAY + timedelta(days=3)


def overdue(scene: Scene, day: date = LATER, user: User | None = None) -> list[str]:
    with clock.travel(clock.at(day, 9)):
        return [todo.reason for todo in world.waiting(user or scene.daan, "logbook")]


def sign(scene: Scene, day: date = LATER) -> list[str]:
    coordinator = world.make_coordinator(scene.group.location.region)
    with clock.travel(clock.at(day, 9)):
        return [todo.reason for todo in world.waiting(coordinator, "no_logbook")]


def test_after_three_days_the_workers_and_the_coordinator_hear_of_it(scene: Scene) -> None:
    assert overdue(scene, DAY + timedelta(days=2)) == sign(scene, DAY + timedelta(days=2)) == []
    assert overdue(scene) == ["Groep 12-16: nog niemand schreef erin. Een paar tikken is genoeg."]
    assert sign(scene) == ["1 bijeenkomst zonder logboek, van 13 maart."]


def test_the_days_are_a_setting(scene: Scene) -> None:
    with override_settings(LOGBOOK_OVERDUE_DAYS=5):
        assert overdue(scene) == sign(scene) == []


def test_one_word_is_a_logbook(scene: Scene) -> None:
    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee"}, by=scene.fleur)
    assert overdue(scene) == sign(scene) == []
    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: ""}, by=scene.fleur)
    assert len(overdue(scene)) == len(sign(scene)) == 1


def test_one_talk_is_a_logbook_until_it_is_taken_back(scene: Scene) -> None:
    bo = scene.stays["Bo"].pk
    note_talk(meeting=scene.meeting, trajectory_id=bo, by=scene.fleur)
    assert overdue(scene) == sign(scene) == []
    take_back_talk(meeting=scene.meeting, trajectory_id=bo, by=scene.fleur)
    assert len(overdue(scene)) == len(sign(scene)) == 1


def test_the_coordinators_word_is_no_logbook(scene: Scene) -> None:
    coordinator = world.make_coordinator(scene.group.location.region)
    write_parts(meeting=scene.meeting, said={Kind.FEEDBACK: "En?"}, by=coordinator)
    assert len(overdue(scene)) == len(sign(scene)) == 1


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_only_a_held_meeting_asks_for_one(scene: Scene, status: str) -> None:
    Meeting.objects.filter(pk=scene.meeting.pk).update(status=status)
    assert overdue(scene) == sign(scene) == []


def test_what_is_two_months_old_is_left_alone(scene: Scene) -> None:
    day = DAY + timedelta(days=61)
    assert overdue(scene, day) == sign(scene, day) == []


def test_nobody_of_another_group_hears_of_it(scene: Scene) -> None:
    assert overdue(scene, user=world.make_worker(world.make_group())) == []


def test_a_closed_group_is_no_sign(scene: Scene) -> None:
    scene.group.state = "closed"
    scene.group.save()
    assert sign(scene) == []
