"""*Your first evening* and *wait for me at the door*."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.rights import reach
from core.errors import RuleBroken
from core.ids import uuid7
from core.organisations.models import Group
from groups import todos
from groups.evenings import first_evening
from groups.evenings.absence import tell
from groups.goodbye import leaving
from groups.models import DoorWait, Meeting, Placement
from groups.permissions import PLACE
from groups.sheet.attendance import Tap, record
from groups.sheet.sheet import read_evening
from joinus.home.start.tonight import group_cards
from participants.models import Trajectory
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db
PAGE = "/eerste-avond/"


@pytest.fixture
def group() -> Group:
    return world.make_group(name="Groep 12-16")


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def tonight(group: Group) -> Meeting:
    later = clock.now() + timedelta(hours=1)
    meeting = world.make_meeting(group, later.date())
    meeting.starts_at, meeting.ends_at = later, later + timedelta(hours=3)
    meeting.save()
    return meeting


@pytest.fixture
def noor(group: Group, tonight: Meeting) -> Trajectory:
    """Comes tonight to get to know the group."""
    stay = world.make_trajectory(group=group, phase="trial", call_name="Noor", suitable=True)
    world.seat(stay, first_day=tonight.date, trial=True)
    return stay


def own(stay: Trajectory) -> Client:
    return eyes(stay.participant.user)


def door_todos(worker: Any) -> list[str]:
    return [t.title for t in world.waiting(worker, "door")]


@pytest.mark.req("R-144")
def test_the_page_says_who_is_there_which_door_and_that_watching_is_fine(
    group, worker, tonight, noor
) -> None:
    for name in ("Amir", "Casey"):
        world.make_participating(group, since=tonight.date - timedelta(days=60), call_name=name)
    group.location.door = "De blauwe deur naast het fietsenrek."
    group.location.save()
    start = own(noor).get("/vandaag/").content.decode()
    assert PAGE in start
    page = own(noor).get(PAGE).content.decode()
    assert "Fleur" in page
    assert "blauwe deur" in page
    assert "2 anderen" in page
    assert "Alleen kijken mag ook" in page
    assert "Amir" not in page
    assert "Casey" not in page


def test_it_comes_twice_for_the_trial_and_for_the_first_evening_as_participant(
    group, worker, tonight, noor
) -> None:
    assert own(noor).get(PAGE).status_code == 200
    world.attend(noor, tonight)
    assert own(noor).get(PAGE).status_code == 200, "hers until it is over"
    with clock.travel(tonight.ends_at):
        assert own(noor).get(PAGE).status_code == 404
    mees = world.make_participating(group, since=tonight.date, call_name="Mees")
    assert own(mees).get(PAGE).status_code == 200
    world.attend(mees, tonight)
    with clock.travel(tonight.ends_at):
        assert own(mees).get(PAGE).status_code == 404


@pytest.mark.req("R-104")
def test_nothing_of_it_before_every_yes(noor, worker) -> None:
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="parent_not_answered")
    client = own(noor)
    assert client.get(PAGE).status_code == 404
    answer = client.post(PAGE, {"act": "wait"})
    assert "De Kegel" not in answer.content.decode()
    assert not DoorWait.objects.exists()
    assert PAGE not in client.get("/vandaag/").content.decode()


def test_one_tap_reaches_the_workers_of_that_evening(group, worker, tonight, noor) -> None:
    client = own(noor)
    for _n in range(2):
        client.post(PAGE, {"act": "wait"})
    assert DoorWait.objects.count() == 1
    assert door_todos(worker) == ["Wacht op Noor bij de deur"]
    assert group_cards(worker)[0].at_the_door == ["Noor"]
    row = read_evening(tonight, worker, writable=True).row(noor.pk)
    assert row is not None
    assert row.at_the_door
    assert "Wacht op Noor bij de deur" in eyes(worker).get("/vandaag/").content.decode()
    behind = eyes(worker).get(reverse("groups:person", args=[tonight.pk, noor.pk]))
    assert "Wacht bij de deur" in behind.content.decode()
    assert "Er wacht iemand op je bij de deur" in client.get("/vandaag/").content.decode()


def test_the_start_page_shows_the_evening_of_the_invitation_not_an_earlier_one(
    group, tonight
) -> None:
    later = world.make_meeting(group, tonight.date + timedelta(days=14), activity="Bowlen")
    stay = world.make_trajectory(group=group, phase="trial", call_name="Riley")
    world.seat(stay, first_day=later.date, trial=True)
    assert "Bowlen" in own(stay).get("/vandaag/").content.decode()


def test_another_groups_workers_hear_nothing(noor) -> None:
    own(noor).post(PAGE, {"act": "wait"})
    assert door_todos(world.make_worker(world.make_group())) == []


def test_it_can_be_taken_back(worker, noor) -> None:
    client = own(noor)
    client.post(PAGE, {"act": "wait"})
    client.post(PAGE, {"act": "no"})
    assert door_todos(worker) == []
    client.post(PAGE, {"act": "wait"})
    assert door_todos(worker) == ["Wacht op Noor bij de deur"]


def _recorded(group: Group, worker: Any, tonight: Meeting, noor: Trajectory) -> None:
    with clock.travel(tonight.starts_at):
        record(meeting=tonight, taps=[Tap(uuid7(), noor.pk, "present", 0)], by=worker)


def _cannot_come(group: Group, worker: Any, tonight: Meeting, noor: Trajectory) -> None:
    tell(meeting=tonight, trajectory=noor)


def _stops(group: Group, worker: Any, tonight: Meeting, noor: Trajectory) -> None:
    leaving.stop_myself(trajectory=noor, later_contact=False, by=noor.participant.user)


def _consent_goes(group: Group, worker: Any, tonight: Meeting, noor: Trajectory) -> None:
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="parent_withdrew")


def _cancelled(group: Group, worker: Any, tonight: Meeting, noor: Trajectory) -> None:
    Meeting.objects.filter(pk=tonight.pk).update(status="cancelled")


@pytest.mark.parametrize("fact", [_recorded, _cannot_come, _stops, _consent_goes, _cancelled])
def test_the_to_do_is_gone_as_soon_as_its_fact_changes(
    fact: Any, group, worker, tonight, noor
) -> None:
    own(noor).post(PAGE, {"act": "wait"})
    assert door_todos(worker)
    fact(group, worker, tonight, noor)
    assert door_todos(worker) == []
    assert group_cards(worker)[0].at_the_door == []


def test_somebody_who_came_before_asks_nobody_to_wait(group, tonight) -> None:
    casey = world.make_participating(group, since=tonight.date - timedelta(days=60))
    held = world.make_meeting(group, tonight.date - timedelta(days=14), "held")
    world.attend(casey, held)
    with pytest.raises(RuleBroken):
        first_evening.ask_to_wait(trajectory=casey, by=casey.participant.user)


def test_it_costs_the_same_with_three_and_with_fourteen_others(
    group, worker, tonight, noor, django_assert_num_queries
) -> None:
    since = tonight.date - timedelta(days=60)
    for number in (3, 14):
        while group.places_taken <= number:
            world.make_participating(group, since=since)
        user = type(noor.participant.user).objects.get(pk=noor.participant.user_id)
        with django_assert_num_queries(9):
            first_evening.first_evening_of(user, noor)
        assert reach(worker, PLACE)
        with django_assert_num_queries(1):
            world.asked(todos.RULES, worker)


def test_the_worker_is_asked_which_door_until_somebody_wrote_it_down(group, worker, noor) -> None:
    (todo,) = world.waiting(worker, "describe_door")
    assert todo.title == "Welke deur is het bij De Kegel?"
    url = reverse("groups:door", args=[group.pk])
    client = eyes(worker)
    assert client.get(url).status_code == 200
    client.post(url, {"door": "  De blauwe deur.  "})
    group.location.refresh_from_db()
    assert group.location.door == "De blauwe deur."
    assert world.waiting(worker, "describe_door") == []


def test_a_worker_of_another_group_does_not_describe_this_door(group) -> None:
    other = eyes(world.make_worker(world.make_group()))
    assert other.post(reverse("groups:door", args=[group.pk]), {"door": "x"}).status_code == 404
    manager = eyes(world.make_manager(group.location.organisation))
    assert manager.post(reverse("groups:door", args=[group.pk]), {"door": "x"}).status_code == 403
    group.location.refresh_from_db()
    assert group.location.door == ""


@pytest.mark.req("R-377")
def test_nobody_reads_of_a_meeting_that_is_not_theirs_to_come_to() -> None:
    """Who came to get to know the group chooses first; who says goodbye has had the last one."""
    today = clock.today()
    group = world.make_group(age_from=12, age_until=30)
    before, last, later = (
        world.make_meeting(group, today + timedelta(days=days)) for days in (-1, 13, 27)
    )
    kian = world.make_trajectory(group=group, phase="trial", age=17)
    world.seat(kian, group, first_day=today - timedelta(days=3), trial=True)
    hugo = world.make_participating(group, since=today - timedelta(days=90), age=17)
    Trajectory.objects.filter(pk=hugo.pk).update(phase="leaving", last_meeting_on=last.date)

    def theirs(stay: Trajectory) -> set[Any]:
        return set(Meeting.objects.visible_to(stay.participant.user)) & {last, later}

    assert theirs(kian) == {last, later}
    world.attend(kian, before)
    assert theirs(kian) == set()
    assert theirs(hugo) == {last}
    Trajectory.objects.filter(pk=hugo.pk).update(last_meeting_on=None)
    assert theirs(hugo) == {last, later}, "the last one was cancelled: then another is chosen"


def test_the_agenda_promises_nothing_to_who_has_left() -> None:
    group = world.make_group(age_from=12, age_until=30)
    mees = world.make_participating(group, since=clock.today() - timedelta(days=90), age=17)
    eyes = world.eyes(mees.participant.user)
    assert "Nog niets gepland" in eyes.get(reverse("groups:calendar")).content.decode()
    gone = {"phase": "former", "exited_on": clock.today(), "exit_kind": "goal"}
    Trajectory.objects.filter(pk=mees.pk).update(**gone)
    Placement.objects.filter(trajectory=mees).update(last_day=clock.today() - timedelta(days=1))
    page = eyes.get(reverse("groups:calendar")).content.decode()
    assert "Nog niets gepland" not in page
    assert "Je hebt geen bijeenkomsten meer." in page
