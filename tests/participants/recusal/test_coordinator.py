"""A coordinator who knows the young person stays out; a colleague has the questions (ADR 0008)."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from core import clock
from core.accounts.models import OneTimeCode, RoleAssignment
from core.accounts.roles import Role
from core.errors import NotYours, RuleBroken
from core.messaging.models import Message
from core.organisations.models import Group
from joinus.home.waiting import todos_for
from participants.care import worry
from participants.complaints import complaints
from participants.intake import talk
from participants.journey import moves
from participants.models import (
    Complaint,
    Consultation,
    DataRequest,
    Intake,
    ParentsAtExit,
    Recusal,
    Trajectory,
    UnsafeHome,
    Worry,
)
from participants.person import door_code
from participants.recusal import recusal
from participants.rights import requests as data_requests
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db
PAGE = "/bekenden/"


@pytest.fixture
def group() -> Group:
    return world.make_group(age_until=20)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def karim(group: Group) -> Any:
    """Knows the young person."""
    return world.make_coordinator(group.location.region)


@pytest.fixture
def lidewij(group: Group, karim: Any) -> Any:
    return world.make_coordinator(group.location.region, "Lidewij Hoekstra")


@pytest.fixture
def stay(group: Group, worker: Any) -> Trajectory:
    return world.make_participating(group, since=clock.today(), call_name="Xanthippe", age=17)


def out(stay: Trajectory, user: Any) -> Recusal:
    return recusal.recuse(
        trajectory=stay, worker=user, by=stay.participant.user, said_by="young_person"
    )


def everything_about(stay: Trajectory, worker: Any, to: Any) -> None:
    """One of each thing that a coordinator of the region reads about this person."""
    row = Intake.objects.create(
        trajectory=stay, decision="suitable", one_to_one=False, decided_at=clock.now()
    )
    Consultation.objects.create(
        intake=row, asked_by=worker, asked_at=clock.now(), question="Denk je mee?"
    )
    begun = worry.begin_worry(trajectory=stay, by=worker, note="stil")
    worry.ask_to_think_along(worry=begun, broad="Iemand is stil.", by=worker)
    UnsafeHome.objects.create(
        trajectory=stay, coordinator=to, by=worker, at=clock.now(), reason="thuis"
    )
    ParentsAtExit.objects.create(
        trajectory=stay, coordinator=to, by=worker, at=clock.now(), reason="thuis"
    )
    young = stay.participant.user
    complaints.tell(trajectory=stay, to=to, words="iets", by=young)
    code = door_code.hand_code(trajectory=stay, by=worker).row
    OneTimeCode.objects.filter(pk=code.pk).update(used_at=clock.now(), disputed_at=clock.now())
    Recusal.objects.create(
        participant=stay.participant, worker=world.make_staff(), at=clock.now(), said_by="worker"
    )


def read_by(user: Any) -> dict[str, int]:
    """How many of each this user finds."""
    return {
        "question": Consultation.objects.visible_to(user).count(),
        "flag": Intake.objects.flags_visible_to(user).count(),
        "worry": Worry.objects.broadly_visible_to(user).count(),
        "exception": UnsafeHome.objects.visible_to(user).count(),
        "goodbye": ParentsAtExit.objects.visible_to(user).count(),
        "complaint": Complaint.objects.visible_to(user).count(),
        "code": door_code.disputed_to(user).count(),
        "recusal": Recusal.objects.visible_to(user).in_force().count(),
        "journey": Trajectory.objects.journey_visible_to(user).count(),
    }


def test_nothing_about_the_person_is_there_for_who_knows_them(
    stay: Trajectory, worker: Any, karim: Any, lidewij: Any
) -> None:
    everything_about(stay, worker, to=karim)
    assert set(read_by(karim).values()) == {1}
    assert len(todos_for(karim)) >= 6
    out(stay, karim)
    assert set(read_by(karim).values()) == {0}
    assert {todo.kind for todo in todos_for(karim)} == {"small_group", "workers"}
    others = read_by(lidewij)
    assert others.pop("recusal") == 2
    assert set(others.values()) == {1}, "an unsafe home and a complaint go on to who may hear them"


@pytest.mark.parametrize("name", ["consultation", "one_to_one_flag", "think_along", "complaint"])
def test_every_page_of_it_answers_404(
    name: str, stay: Trajectory, worker: Any, karim: Any, lidewij: Any
) -> None:
    everything_about(stay, worker, to=karim)
    keys = {
        "consultation": Consultation.objects.get().pk,
        "one_to_one_flag": stay.intake.pk,
        "think_along": Worry.objects.get().pk,
        "complaint": Complaint.objects.get().pk,
    }
    url = reverse(f"participants:{name}", args=[keys[name]])
    assert eyes(karim).get(url).status_code == 200
    out(stay, karim)
    assert eyes(karim).get(url).status_code == 404
    assert eyes(karim).post(url, {"answer": "x", "words": "x"}).status_code == 404
    assert eyes(lidewij).get(url).status_code == 200


def test_somebody_without_a_group_goes_to_the_other_coordinator(karim: Any, lidewij: Any) -> None:
    region = RoleAssignment.objects.get(user=karim).region
    stay = world.make_trajectory(group=None, phase="signed_up", region=region, call_name="Yara")
    data_requests.ask(trajectory=stay, kind="copy", by=stay.participant.user)
    out(stay, karim)
    url = reverse("participants:applicant", args=[stay.pk])
    assert eyes(karim).get(url).status_code == 404
    assert eyes(lidewij).get(url).status_code == 200
    assert not DataRequest.objects.visible_to(karim).exists()
    assert DataRequest.objects.visible_to(lidewij).exists()


def test_the_young_person_says_it_on_the_own_page_and_takes_it_back(
    stay: Trajectory, karim: Any
) -> None:
    client = eyes(stay.participant.user)
    page = client.get(PAGE).content.decode()
    assert "Karim" in page
    assert "coördinator" in page
    assert client.post(PAGE, {"workers": [str(karim.pk)]}).status_code == 302
    assert Recusal.objects.in_force().get().worker == karim
    assert "Karim leest niets over jou" in client.get(PAGE).content.decode()
    client.post(PAGE, {})
    assert not Recusal.objects.in_force().exists()


def test_a_worker_writes_it_down_in_the_first_talk(group: Group, worker: Any, karim: Any) -> None:
    applicant = world.make_trajectory(group=group, phase="intake")
    talk_page = reverse("participants:said_in_talk", args=[applicant.pk])
    assert eyes(worker).post(talk_page, {"workers": [str(karim.pk)]}).status_code == 302
    assert Recusal.objects.in_force().get().worker == karim


def test_a_coordinator_of_another_region_is_not_to_choose(stay: Trajectory) -> None:
    elsewhere = world.make_coordinator(world.make_region())
    with pytest.raises(RuleBroken):
        out(stay, elsewhere)


def test_nobody_lets_themselves_in(stay: Trajectory, karim: Any, lidewij: Any) -> None:
    row = out(stay, karim)
    url = reverse("participants:let_in", args=[row.pk])
    assert eyes(karim).post(url).status_code == 404
    assert "Xanthippe" not in eyes(karim).get("/wie-kent-wie/").content.decode()
    assert Recusal.objects.in_force().exists()
    assert eyes(lidewij).post(url).status_code == 302
    assert not Recusal.objects.in_force().exists()


@pytest.mark.req("R-065")
def test_the_question_is_mailed_to_the_other_coordinator_only(
    group: Group, worker: Any, karim: Any, lidewij: Any
) -> None:
    applicant = world.make_trajectory(group=group, phase="intake")
    Intake.objects.create(trajectory=applicant)
    out(applicant, karim)
    talk.ask_coordinator(trajectory=applicant, question="Denk je mee?", by=worker)
    told = Message.objects.filter(template="advice_asked").values_list("contact", flat=True)
    assert set(told) == {lidewij.contact_id}


def test_with_nobody_left_the_worker_reads_it_at_once_and_the_foundation_hears_of_the_region(
    group: Group, worker: Any, karim: Any
) -> None:
    applicant = world.make_trajectory(group=group, phase="intake", call_name="Xanthippe")
    Intake.objects.create(trajectory=applicant)
    foundation = world.make_national(Role.FOUNDATION)
    assert todos_for(foundation) == []
    out(applicant, karim)
    with pytest.raises(RuleBroken) as no:
        talk.ask_coordinator(trajectory=applicant, question="Denk je mee?", by=worker)
    assert no.value.code == "no_coordinator"
    assert not Consultation.objects.exists()
    begun = worry.begin_worry(trajectory=applicant, by=worker, note="stil")
    with pytest.raises(RuleBroken):
        worry.ask_to_think_along(worry=begun, broad="Iemand is stil.", by=worker)
    url = reverse("participants:ask_advice", args=[applicant.pk])
    page = eyes(worker).post(url, {"question": "Denk je mee?"}, follow=True).content.decode()
    assert "leest niets" in page
    (todo,) = todos_for(foundation)
    assert group.location.region.name in todo.title
    assert "Xanthippe" not in todo.title + todo.reason
    world.make_coordinator(group.location.region, "Lidewij Hoekstra")
    assert todos_for(foundation) == []
    talk.ask_coordinator(trajectory=applicant, question="Denk je mee?", by=worker)


def test_a_region_that_has_no_coordinator_yet_keeps_the_question(group: Group, worker: Any) -> None:
    applicant = world.make_trajectory(group=group, phase="intake")
    Intake.objects.create(trajectory=applicant)
    talk.ask_coordinator(trajectory=applicant, question="Denk je mee?", by=worker)
    assert Consultation.objects.exists()
    assert todos_for(world.make_national(Role.FOUNDATION)) == []


def test_no_act_of_a_coordinator_is_theirs_any_more(
    stay: Trajectory, worker: Any, karim: Any, lidewij: Any
) -> None:
    begun = worry.begin_worry(trajectory=stay, by=worker, note="stil")
    worry.ask_to_think_along(worry=begun, broad="Iemand is stil.", by=worker)
    assert moves.Who.COORDINATOR in moves.who_is(karim, stay)
    out(stay, karim)
    assert moves.who_is(karim, stay) == frozenset()
    with pytest.raises(NotYours):
        worry.think_along(worry=begun, by=karim)
    assert list(recusal.coordinators_of(stay)) == [lidewij]
    assert [h.user for h in complaints.who_hears(stay)] == [lidewij]
    worry.think_along(worry=begun, by=lidewij)


def test_who_stays_out_is_said_in_one_room() -> None:
    """Whoever is asked or told is found through `recusal`; lists start at `not_recused`."""
    rooms = {
        "recusal/recusal.py",
        "recusal/out_of_whom.py",
        "recusal/views.py",
        "rights/own_package.py",
        "rights/privacy.py",
        "signup/first_contact.py",  # whom the sweep has still to remind, in one statement
    }
    here = settings.BASE_DIR / "participants"
    said = {
        str(path.relative_to(here))
        for path in here.rglob("*.py")
        if "Recusal.objects" in path.read_text() and path.parent.name != "models"
    }
    assert said <= rooms
