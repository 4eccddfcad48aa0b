"""The list of sign-ups: whose turn it is, for a worker and for a coordinator (R-374)."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.audit.models import ReadEntry
from core.messaging.contacts import change_contact
from core.organisations.models import Group
from participants.models import Intake, Trajectory
from participants.recusal import recusal
from participants.signup.order_of_need import InGroup, SignUp, Step, lines_for
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db
LIST = "/aanmeldingen/"


@pytest.fixture
def group() -> Group:
    return world.make_group(organisation=world.make_organisation("Welzijn Oost", phone="026 123"))


@pytest.fixture
def fleur(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def karim(group: Group) -> Any:
    return world.make_coordinator(group.location.region)


def arrives(group: Group | None, days: int, name: str = "", **fields: Any) -> Trajectory:
    moment = clock.now() - timedelta(days=days)
    return world.make_trajectory(
        group=group, phase="signed_up", signed_up_at=moment, call_name=name, **fields
    )


def talk_of(stay: Trajectory, **fields: Any) -> None:
    Intake.objects.create(trajectory=stay, **fields)


def main_of(page: Any) -> str:
    return page.content.decode().split('id="content"')[1]


@pytest.mark.req("R-374")
def test_a_worker_reads_the_steps_in_the_order_of_need(group: Group, fleur: Any) -> None:
    """However long each waits; within a step whoever waits longest."""
    now = clock.now()
    suitable = {"decision": "suitable", "decided_at": now, "one_to_one": True}
    ready = arrives(group, 90)
    talk_of(ready, **suitable, told_at=now)
    in_talk = arrives(group, 80)
    talk_of(in_talk)
    to_plan = arrives(group, 70, contacted_at=now)
    new = arrives(group, 0)
    to_tell = arrives(group, 60)
    talk_of(to_tell, **suitable)
    late = arrives(group, 4)
    later = arrives(group, 9)
    lines = lines_for(fleur)
    assert [line.pk for line in lines] == [
        stay.pk for stay in (later, late, to_tell, new, to_plan, in_talk, ready)
    ]
    assert [line.step for line in lines] == [
        Step.LATE,
        Step.LATE,
        Step.TO_TELL,
        Step.TO_REACH,
        Step.TO_PLAN,
        Step.IN_TALK,
        Step.READY,
    ]


def test_a_place_in_line_counts_from_its_own_day(group: Group, fleur: Any) -> None:
    """Somebody sent on from another group keeps the place of the sign-up."""
    now = clock.now()
    told = {"decision": "suitable", "decided_at": now, "told_at": now, "one_to_one": True}
    first = arrives(group, 5, waiting_since=clock.today() - timedelta(days=40))
    second = arrives(group, 20, waiting_since=clock.today() - timedelta(days=20))
    for stay in (first, second):
        talk_of(stay, **told)
    assert [line.pk for line in lines_for(fleur)] == [first.pk, second.pk]


@pytest.mark.req("R-374")
def test_a_coordinator_reads_who_has_no_group_and_then_where_somebody_waits(
    group: Group, fleur: Any, karim: Any
) -> None:
    quiet = world.make_group(name="Groep Rustig", region=group.location.region)
    arrives(quiet, 1, "Rustig")
    arrives(group, 12, "Xanthippe")
    arrives(group, 30, "Xaveria", contacted_at=clock.now())
    nobody = arrives(None, 2, "Zonder", region=group.location.region)
    elsewhere = world.make_group(name="Groep Elders")
    arrives(elsewhere, 50, "Elders")
    lines = lines_for(karim)
    assert [line.pk for line in lines] == [nobody.pk, group.pk, quiet.pk]
    assert [line.step for line in lines] == [Step.NO_GROUP, Step.LATE_IN_GROUP, Step.IN_GROUP]
    page = main_of(eyes(karim).get(LIST))
    assert "Zonder" in page
    for name in ("Xanthippe", "Xaveria", "Rustig (", "Elders"):
        assert name not in page, "who they are is for their workers (trust.md 3)"
    assert f"/groepen/{group.pk}/" in page
    assert ReadEntry.objects.get().subject_ids == [nobody.pk]


@pytest.mark.req("R-374")
def test_a_coordinator_reads_whom_to_ring(group: Group, fleur: Any, karim: Any) -> None:
    arrives(group, 12)
    page = main_of(eyes(karim).get(LIST))
    assert fleur.name in page
    assert 'href="tel:026123"' in page, "nobody's own number: the organisation's"
    change_contact(contact=fleur.contact, by=fleur, phone="06 11 22 33 44")
    page = main_of(eyes(karim).get(LIST))
    assert 'href="tel:+31611223344"' in page
    assert "tel:026123" not in page
    fleur.is_active = False
    fleur.save(update_fields=["is_active"])
    page = main_of(eyes(karim).get(LIST))
    assert fleur.name not in page
    assert "Nog geen begeleider" in page


def test_somebody_a_coordinator_stays_out_of_is_not_counted(group: Group, karim: Any) -> None:
    stay = arrives(group, 12)
    recusal.recuse(trajectory=stay, worker=karim, by=None, said_by="young_person")
    assert lines_for(karim) == []
    arrives(group, 1)
    (line,) = lines_for(karim)
    assert isinstance(line, InGroup)
    assert (line.sign_ups, line.late) == (1, 0)


def test_who_is_late_is_late_for_worker_and_coordinator_alike(
    group: Group, fleur: Any, karim: Any
) -> None:
    """The one is counted by the database, the other told line by line: one rule."""
    for days in (0, 2, 3, 4, 30):
        arrives(group, days)
        arrives(group, days, contacted_at=clock.now())
        talk_of(arrives(group, days))
    late = [line for line in lines_for(fleur) if line.step == Step.LATE]
    (line,) = lines_for(karim)
    assert isinstance(line, InGroup)
    assert line.late == len(late) == 3
    assert line.late_since == late[0].since


def test_who_leads_a_group_and_coordinates_reads_people_there_and_counts_elsewhere(
    group: Group, fleur: Any
) -> None:
    region = group.location.region
    world.give_role(fleur, world.Role.REGIONAL_COORDINATOR, region=region)
    mine = arrives(group, 12)
    other = world.make_group(region=region)
    arrives(other, 20)
    first, second = lines_for(fleur)
    assert isinstance(first, SignUp)
    assert (first.pk, second.pk) == (mine.pk, other.pk)


@pytest.mark.parametrize("role", ["worker", "coordinator"])
def test_nobody_waits_is_said_in_the_words_of_the_reader(group: Group, role: str) -> None:
    user = (
        world.make_worker(group)
        if role == "worker"
        else world.make_coordinator(group.location.region)
    )
    page = main_of(eyes(user).get(LIST))
    assert "Er wacht niemand" in page
    assert ("voor jouw groep" in page) is (role == "worker")
    assert not ReadEntry.objects.exists()


def test_only_who_is_shown_is_written_down(group: Group, fleur: Any) -> None:
    arrives(group, 12, "Xanthippe")
    yara = arrives(group, 2, "Yara")
    page = main_of(eyes(fleur).post(LIST, {"q": "yar"}, follow=True))
    assert "Xanthippe" not in page
    assert ReadEntry.objects.get().subject_ids == [yara.pk]
