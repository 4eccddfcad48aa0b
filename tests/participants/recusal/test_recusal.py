"""A worker who knows the young person or the family stays out (trust.md 1 and 3)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.roles import Role
from core.messaging import outbox
from core.messaging.models import Message, MessageQuerySet
from core.organisations.models import Group
from groups.models import Attendance, Placement
from joinus.home.waiting import todos_for
from participants.intake import talk
from participants.models import (
    KnowsSomebody,
    Participant,
    Recusal,
    Trajectory,
    UnsafeHome,
)
from participants.parents.guardians import enter_guardian
from participants.recusal import recusal
from participants.signup import mail as notifications
from participants.signup.first_contact import record_contact
from questionnaires.models import Invitation, Response
from tests import world
from tests.participants.signup.build import thanked
from tests.questionnaires.build import make_response

pytestmark = pytest.mark.django_db
SECRET = "kanariegeheim"


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def fleur(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def sem(group: Group) -> Any:
    return world.make_worker(group, "Sem de Boer")


@pytest.fixture
def stay(group: Group, fleur: Any, sem: Any) -> Trajectory:
    return world.make_participating(
        group, since=clock.today() - timedelta(days=60), call_name="Xanthippe"
    )


@pytest.fixture
def applicant(group: Group, fleur: Any, sem: Any) -> Trajectory:
    return world.make_trajectory(group=group, phase="signed_up", call_name="Yara")


def out(stay: Trajectory, worker: Any, **changes: Any) -> Recusal:
    known = {"by": worker, "said_by": "worker"} | changes
    return recusal.recuse(trajectory=stay, worker=worker, **known)


# ---- Hidden everywhere ---------------------------------------------------------------


def test_every_door_to_the_person_is_closed_at_the_next_request(
    client: Client, stay: Trajectory, fleur: Any, sem: Any
) -> None:
    client.force_login(sem)
    page = reverse("home:file", args=[stay.pk])
    assert client.get(page).status_code == 200
    out(stay, sem)
    assert client.get(page).status_code == 404
    client.force_login(fleur)
    assert client.get(page).status_code == 200


def test_no_list_of_any_floor_holds_the_person(stay: Trajectory, fleur: Any, sem: Any) -> None:
    evening = world.make_meeting(stay.group, clock.today() - timedelta(days=14), "held")
    world.attend(stay, evening)
    make_response(stay, dict.fromkeys(range(1, 19), 3), "baseline", 1, clock.today())
    out(stay, sem)
    for model in (Participant, Trajectory, Placement, Attendance, Invitation, Response):
        assert model.objects.visible_to(fleur).exists(), model
        assert not model.objects.visible_to(sem).exists(), model
    assert not Trajectory.objects.journey_visible_to(sem).exists()


def test_messages_to_the_person_and_to_parents_are_hidden_too(
    stay: Trajectory, fleur: Any, sem: Any
) -> None:
    """Also to a parent who is entered later: nobody has to think of it."""
    out(stay, sem)
    parent = enter_guardian(
        participant=stay.participant,
        name="Inge",
        relation="mother",
        email="i@example.org",
        by=fleur,
    )
    for n, contact in enumerate((stay.participant.contact, parent.contact)):
        outbox.write(
            contact=contact, template="neutral", kind="neutral", dedupe_key=f"{n}", group=stay.group
        )
    seen: MessageQuerySet = Message.objects.all()
    assert seen.visible_to(fleur).count() == 2
    assert not seen.visible_to(sem).exists()


def test_an_applicant_is_hidden_and_the_other_worker_goes_on(
    client: Client, applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    out(applicant, sem)
    client.force_login(sem)
    assert "Yara" not in client.get("/aanmeldingen/").content.decode()
    for act in ("", "gesprek/", "contact/", "besluit/", "advies/", "erbuiten/"):
        address = f"/aanmeldingen/{applicant.pk}/{act}"
        assert client.post(address).status_code in (404, 405)
        assert client.get(address).status_code in (404, 405)
    client.force_login(fleur)
    assert client.get(f"/aanmeldingen/{applicant.pk}/").status_code == 200


def test_nothing_that_waits_names_the_person(group: Group, fleur: Any, sem: Any) -> None:
    """One person per to-do of the group; the colleague has them all, who stays out has none."""
    today = clock.today()
    before = world.make_meeting(group, today - timedelta(days=3), "held")
    missed = world.make_participating(group, since=today - timedelta(days=60), call_name="Gemist")
    world.attend(missed, before, "absent_without_notice")
    old = world.make_participating(group, since=today - timedelta(days=60), call_name="Bijna")
    Participant.objects.filter(pk=old.participant_id).update(
        birth_date=today - timedelta(days=int(30.9 * 365.25))
    )
    leaving = world.make_participating(
        group, since=today - timedelta(days=60), phase="leaving", call_name="Weg"
    )
    Group.objects.filter(pk=group.pk).update(chat_link="https://example.org/chat")
    trial = world.make_trajectory(group=group, phase="trial", call_name="Proef")
    world.seat(trial, group, first_day=before.date, trial=True)
    world.attend(trial, before)
    keen = world.make_suitable(group, call_name="Graag")
    new = world.make_trajectory(group=group, phase="signed_up", call_name="Nieuw")
    blocked = world.make_participating(
        group, since=today, call_name="Wacht", blocked_reason="parent_unknown", age=13
    )
    people = [missed, old, leaving, trial, keen, new, blocked]
    for stay in (missed, old, leaving, blocked):
        make_response(stay, dict.fromkeys(range(1, 19), 5), "baseline", 1, today)
        Response.objects.filter(trajectory=stay).update(wants_to_talk=True)
    names = {stay.participant.call_name for stay in people}

    def named(user: Any) -> set[str]:
        said = " ".join(f"{t.title} {t.reason}" for t in todos_for(user))
        return {name for name in names if name in said}

    assert named(sem) == names
    for stay in people:
        out(stay, sem)
    del sem.__dict__["_roles_in_force"]
    assert named(sem) == set()
    assert named(fleur) == names


# ---- What stays: the name and the presence ----------------------------------------------


def test_on_the_evening_the_name_and_the_presence_stay(
    client: Client, stay: Trajectory, sem: Any
) -> None:
    evening = world.make_tonight(stay.group)
    Trajectory.objects.filter(pk=stay.pk).update(blocked_reason="parent_withdrew")
    out(stay, sem)
    client.force_login(sem)
    sheet = reverse("groups:meeting", args=[evening.pk])
    person = reverse("groups:person", args=[evening.pk, stay.pk])
    html = client.get(sheet).content.decode()
    assert "Xanthippe" in html
    assert f'href="{person}"' not in html
    assert "voor vanavond" not in html
    assert client.get(person).status_code == 404
    tap = reverse("groups:tap", args=[evening.pk, stay.pk])
    data = {"client_id": "018f0000-0000-7000-8000-000000000001", "version": 0, "state": "present"}
    assert client.post(tap, data).status_code == 302
    assert Attendance.objects.get(trajectory=stay).state == "present"


def test_a_correction_of_an_earlier_evening_is_the_colleagues(
    client: Client, stay: Trajectory, fleur: Any, sem: Any
) -> None:
    """It says which questions it opens: that stands behind the name."""
    evening = world.make_meeting(stay.group, clock.today() - timedelta(days=14), "held")
    world.attend(stay, evening)
    out(stay, sem)
    tap = reverse("groups:tap", args=[evening.pk, stay.pk])
    data = {
        "client_id": "018f0000-0000-7000-8000-000000000002",
        "version": 1,
        "state": "absent_with_notice",
        "confirm": "1",
    }
    client.force_login(sem)
    assert client.post(tap, data).status_code == 404
    assert Attendance.objects.get().state == "present"
    client.force_login(fleur)
    assert client.post(tap, data).status_code == 302


@pytest.mark.parametrize("page", ["start", "group"])
def test_the_lists_of_the_group_keep_the_name_without_a_way_in(
    client: Client, stay: Trajectory, applicant: Trajectory, sem: Any, page: str
) -> None:
    out(stay, sem)
    out(applicant, sem)
    client.force_login(sem)
    path = "/vandaag/" if page == "start" else reverse("groups:group", args=[stay.group_id])
    html = client.get(path).content.decode()
    assert "Xanthippe" in html
    assert "je collega begeleidt" in html
    assert str(stay.pk) not in html
    assert "Yara" not in html
    assert str(applicant.pk) not in html


@pytest.mark.parametrize("page", ["sheet", "start", "group"])
def test_let_in_again_the_worker_finds_the_way_in_on_every_list(
    client: Client, stay: Trajectory, sem: Any, page: str
) -> None:
    evening = world.make_meeting(stay.group, clock.today())
    path = {
        "sheet": reverse("groups:meeting", args=[evening.pk]),
        "start": "/vandaag/",
        "group": reverse("groups:group", args=[stay.group_id]),
    }[page]
    row = out(stay, sem)
    client.force_login(sem)
    assert str(stay.pk) not in ways_in(client, path)
    recusal.let_in(recusal=row, by=world.make_coordinator(stay.region))
    assert str(stay.pk) in ways_in(client, path)


def ways_in(client: Client, path: str) -> str:
    """Where the links of a page lead to."""
    return " ".join(re.findall(r'href="([^"]*)"', client.get(path).content.decode()))


# ---- Who says it ---------------------------------------------------------------------------


def test_the_young_person_says_it_on_the_own_page_and_can_take_it_back(
    client: Client, stay: Trajectory, fleur: Any, sem: Any
) -> None:
    client.force_login(stay.participant.user)
    page = client.get("/bekenden/")
    assert "Sem" in page.content.decode()
    client.post("/bekenden/", {"workers": [str(sem.pk)], "note": "mijn nicht"})
    row = Recusal.objects.get()
    assert (row.worker, row.said_by, row.by) == (sem, "young_person", stay.participant.user)
    assert not Trajectory.objects.visible_to(sem).exists()
    assert KnowsSomebody.objects.get().note == "mijn nicht"
    assert "Sem leest niets over jou" in client.get("/bekenden/").content.decode()
    client.post("/bekenden/", {})
    assert Trajectory.objects.visible_to(sem).exists()
    assert not KnowsSomebody.objects.exists()


def test_right_after_the_sign_up_the_young_person_says_it_without_an_account(
    client: Client,
) -> None:
    home = world.make_municipality("Voorbeeldstad", pc4="3511")
    group = world.make_group(municipality=home)
    fleur, sem = world.make_worker(group), world.make_worker(group, "Sem de Boer")
    thanks = thanked(client)
    stay = Trajectory.objects.get()
    thanks.post({"worker": str(sem.pk)}, "wie/")
    say = "ken-ik/"
    stranger = world.make_worker(world.make_group())
    for nobody in ("", "x", str(stranger.pk)):
        thanks.post({"who": nobody}, say)
    theirs = {"who": str(fleur.pk), "form": thanks.ticket()}
    assert thanks.elsewhere().post(theirs, say).status_code == 410
    assert not Recusal.objects.exists()
    page = thanks.post({"who": str(sem.pk)}, say).url
    row = Recusal.objects.get()
    assert (row.worker, row.said_by, row.by) == (sem, "young_person", None)
    assert not Trajectory.objects.applicants_visible_to(sem).exists()
    assert Trajectory.objects.applicants_visible_to(fleur).get() == stay
    assert Trajectory.objects.get().first_contact_with is None
    html = client.get(page).content.decode()
    assert "Sem leest niets over jou" in html
    assert "Ik ken Sem" not in html
    thanks.post({"who": "somebody"}, say)
    assert KnowsSomebody.objects.get().trajectory == stay
    record_contact(trajectory=stay, outcome="spoken", by=fleur)
    thanks.post({"who": str(fleur.pk)}, say)
    assert Recusal.objects.count() == 1


def test_what_the_worker_said_is_not_the_young_persons_to_undo(
    client: Client, stay: Trajectory, sem: Any
) -> None:
    out(stay, sem)
    client.force_login(stay.participant.user)
    client.post("/bekenden/", {})
    assert not Trajectory.objects.visible_to(sem).exists()


def test_somebody_elsewhere_cannot_be_named(client: Client, stay: Trajectory) -> None:
    stranger = world.make_worker(world.make_group())
    client.force_login(stay.participant.user)
    assert client.post("/bekenden/", {"workers": [str(stranger.pk)]}).status_code == 422
    assert not Recusal.objects.exists()


def test_said_in_the_talk_closes_the_page_for_the_one_who_is_named(
    client: Client, applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    talk.start_intake(trajectory=applicant, by=fleur)
    client.force_login(fleur)
    page = f"/aanmeldingen/{applicant.pk}/bekenden/"
    assert client.post(page, {"somebody": "on"}).url == f"/aanmeldingen/{applicant.pk}/gesprek/"
    assert KnowsSomebody.objects.get().note == ""
    assert client.post(page, {"workers": [str(fleur.pk)]}).url == "/aanmeldingen/"
    assert client.get(f"/aanmeldingen/{applicant.pk}/gesprek/").status_code == 404
    assert Trajectory.objects.visible_to(sem).filter(pk=applicant.pk).exists()


def test_a_worker_stays_out_by_himself_and_cannot_come_back(
    client: Client, stay: Trajectory, fleur: Any, sem: Any
) -> None:
    page = reverse("participants:stay_out", args=[stay.pk])
    client.force_login(sem)
    assert "Fleur" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert client.get(page).status_code == 404
    row = Recusal.objects.get()
    assert client.post(reverse("participants:let_in", args=[row.pk])).status_code == 404
    assert Recusal.objects.in_force().exists()


def test_saying_it_twice_is_one_row(stay: Trajectory, sem: Any) -> None:
    assert out(stay, sem) == out(stay, sem)


def test_it_hangs_on_the_person_so_a_later_stay_stays_closed(group: Group, sem: Any) -> None:
    first = world.make_trajectory(group=group, phase="signed_up")
    out(first, sem)
    Trajectory.objects.filter(pk=first.pk).update(phase="withdrawn")
    again = world.make_trajectory(group=group, phase="signed_up", participant=first.participant)
    assert not Trajectory.objects.visible_to(sem).filter(pk=again.pk).exists()


# ---- Who goes on -----------------------------------------------------------------------------


def test_mail_about_the_stay_goes_to_who_goes_on(
    applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    karim = world.make_coordinator(applicant.region)
    out(applicant, sem)
    assert recusal.who_is_told(applicant) == [fleur]
    out(applicant, fleur)
    assert recusal.who_is_told(applicant) == [karim]


def test_the_advice_reaches_the_colleague_when_the_asker_stays_out(
    applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    karim = world.make_coordinator(applicant.region)
    talk.start_intake(trajectory=applicant, by=sem)
    asked = talk.ask_coordinator(trajectory=applicant, question="Hoe?", by=sem)
    out(applicant, sem)
    talk.answer_consultation(consultation=asked, answer="Zo", by=karim)
    assert Message.objects.get(template="advice_given").contact == fleur.contact


def test_is_nobody_left_then_the_coordinator_hears_it_and_can_help(
    client: Client, stay: Trajectory, applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    karim = world.make_coordinator(stay.region)
    for person in (stay, applicant):
        out(person, fleur)
    assert not world.waiting(karim, "left_alone")
    for person in (stay, applicant):
        out(person, sem)
    alone = {t.about for t in world.waiting(karim, "left_alone")}
    assert alone == {stay.pk, applicant.pk}
    client.force_login(karim)
    html = client.get("/wie-kent-wie/").content.decode()
    assert "Xanthippe" in html
    assert client.get(f"/aanmeldingen/{applicant.pk}/").status_code == 200
    row = Recusal.objects.in_force().get(participant=stay.participant, worker=sem)
    client.post(reverse("participants:let_in", args=[row.pk]))
    assert Trajectory.objects.visible_to(sem).filter(pk=stay.pk).exists()
    assert stay.pk not in {t.about for t in world.waiting(karim, "left_alone")}


def test_a_colleague_whose_account_is_closed_is_nobody_left(
    stay: Trajectory, fleur: Any, sem: Any
) -> None:
    karim = world.make_coordinator(stay.region)
    out(stay, fleur)
    assert not world.waiting(karim, "left_alone")
    sem.is_active = False
    sem.save(update_fields=["is_active"])
    assert [t.about for t in world.waiting(karim, "left_alone")] == [stay.pk]


def test_after_the_end_of_a_stay_the_coordinator_still_lets_somebody_in_again(
    client: Client, stay: Trajectory, sem: Any
) -> None:
    """It hangs on the person: whoever comes back is guided again by who may."""
    row = out(stay, sem)
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="former", ended_on=clock.today(), exited_on=clock.today(), exit_kind="goal"
    )
    client.force_login(world.make_coordinator(stay.region))
    assert client.post(reverse("participants:let_in", args=[row.pk])).status_code == 302
    assert not Recusal.objects.in_force().exists()


def test_the_coordinator_of_a_lonely_applicant_reads_no_more_than_the_contact(
    client: Client, applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    """Call name, age, postcode and safe channel; no talk, no notes (trust.md 3)."""
    record_contact(trajectory=applicant, outcome="no_answer", note=SECRET, by=fleur)
    for worker in (fleur, sem):
        out(applicant, worker)
    karim = world.make_coordinator(applicant.region)
    client.force_login(karim)
    html = client.get(f"/aanmeldingen/{applicant.pk}/").content.decode()
    assert "Yara" in html
    assert SECRET not in html
    assert client.post(f"/aanmeldingen/{applicant.pk}/contact/").status_code == 403
    assert client.get(f"/aanmeldingen/{applicant.pk}/gesprek/").status_code == 404


@pytest.mark.parametrize("size", [3, 12])
def test_the_coordinators_list_costs_the_same_at_any_length(
    client: Client, group: Group, fleur: Any, size: int, django_assert_num_queries: Any
) -> None:
    karim = world.make_coordinator(group.location.region)
    for n in range(size):
        out(world.make_trajectory(group=group, phase="signed_up", call_name=f"P{n}"), fleur)
    client.force_login(karim)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        assert client.get("/wie-kent-wie/").status_code == 200


QUERIES_OF_THE_LIST = 9


# ---- Somebody who is the coordinator as well -------------------------------------------


@pytest.fixture
def both(applicant: Trajectory, sem: Any) -> Any:
    """Sem leads the group, coordinates the region, and stays out of this person."""
    world.give_role(sem, Role.REGIONAL_COORDINATOR, region=applicant.region)
    return sem


def test_an_unsafe_home_of_a_coordinator_who_stays_out_is_a_colleagues(
    applicant: Trajectory, both: Any, fleur: Any
) -> None:
    row = UnsafeHome.objects.create(
        trajectory=applicant, coordinator=both, reason=SECRET, by=fleur, at=clock.now()
    )
    karim = world.make_coordinator(applicant.region)
    assert not UnsafeHome.objects.visible_to(karim).exists()
    out(applicant, both)
    assert UnsafeHome.objects.visible_to(karim).get() == row


def test_a_reminder_that_waited_for_the_morning_does_not_reach_who_stays_out(
    applicant: Trajectory, fleur: Any, sem: Any
) -> None:
    notifications.first_contact_late(applicant)
    out(applicant, sem)
    state = dict(Message.objects.values_list("contact", "state"))
    assert state == {fleur.contact_id: "queued", sem.contact_id: "withdrawn"}
