"""*You may call me*: one tap that tells the workers, can be taken back, and is settled once."""

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import User
from core.messaging.models import Message
from core.organisations.models import Group
from participants.care.call_wish import ask_call, say_spoken, take_back_call
from participants.models import CallWish, Trajectory
from participants.recusal.recusal import recuse
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-348")]

CALL_ME = "/wie-kan-helpen/bel-mij/"


@pytest.fixture
def group() -> Group:
    organisation = world.make_organisation("De Brug", phone="030 123 45 67")
    return world.make_group(organisation=organisation)


@pytest.fixture
def fleur(group: Group) -> User:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def stay(group: Group, fleur: User) -> Trajectory:
    stay = world.make_trajectory(
        group=group, phase="participating", call_name="Sam", blocked_reason="privacy", age=17
    )
    world.seat(stay, first_day=stay.signed_up_at.date())
    reach_by(stay, "phone")
    return stay


def reach_by(stay: Trajectory, *ways: str) -> None:
    contact = stay.participant.contact
    contact.phone, contact.safe_channels = "06 11 22 33 44", list(ways)
    contact.save()


@pytest.fixture
def sam(stay: Trajectory) -> Client:
    return world.eyes(stay.participant.user)


def test_one_tap_tells_every_worker_and_a_second_tap_says_nothing_new(
    sam: Client, group: Group, fleur: User
) -> None:
    ruben = world.make_worker(group, "Ruben de Vries")
    assert "mag mij bellen" in sam.get("/vandaag/").content.decode()
    for _twice in range(2):
        assert sam.post(CALL_ME, {"act": "ask", "back": "today"}).url == "/vandaag/"
    assert CallWish.objects.count() == 1
    for worker in (fleur, ruben):
        (todo,) = world.waiting(worker, "call_wish")
        assert "Sam" in todo.title
    assert not world.waiting(world.make_worker(world.make_group()), "call_wish")
    assert not Message.objects.exists(), "a person calls; nothing is sent"


def test_taken_back_and_asked_again(sam: Client, fleur: User) -> None:
    sam.post(CALL_ME, {"act": "ask"})
    assert "Toch niet bellen" in sam.get("/wie-kan-helpen/").content.decode()
    for _twice in range(2):
        sam.post(CALL_ME, {"act": "take_back"})
    assert not world.waiting(fleur, "call_wish")
    sam.post(CALL_ME, {"act": "ask"})
    assert len(world.waiting(fleur, "call_wish")) == 1
    assert list(CallWish.objects.values_list("outcome", flat=True)) == ["taken_back", ""]


def test_the_worker_finds_the_safe_way_and_settles_it_for_both(
    stay: Trajectory, sam: Client, group: Group, fleur: User
) -> None:
    ruben = world.make_worker(group, "Ruben de Vries")
    sam.post(CALL_ME, {"act": "ask"})
    page = reverse("participants:call_wish", args=[stay.pk])
    assert "tel:+31611223344" in world.eyes(fleur).get(page).content.decode()
    world.eyes(fleur).post(page)
    assert not world.waiting(ruben, "call_wish")
    say_spoken(trajectory=stay, by=ruben)
    assert CallWish.objects.get().settled_by == fleur, "who comes second changes nothing"
    assert "Er wordt niets meer gevraagd" in world.eyes(ruben).get(page).content.decode()


def test_no_number_where_a_call_is_not_safe(stay: Trajectory, sam: Client, fleur: User) -> None:
    reach_by(stay, "email")
    sam.post(CALL_ME, {"act": "ask"})
    page = world.eyes(fleur).get(reverse("participants:call_wish", args=[stay.pk]))
    assert "31611223344" not in page.content.decode()


@pytest.mark.parametrize("way", ["email", "whatsapp"])
def test_nobody_speaks_of_a_call_where_a_call_is_not_safe(
    stay: Trajectory, sam: Client, fleur: User, way: str
) -> None:
    reach_by(stay, way)
    for page in ("/vandaag/", "/wie-kan-helpen/"):
        own = sam.get(page).content.decode()
        assert "Fleur mag contact met mij opnemen" in own
        assert "mag mij bellen" not in own
    told = sam.post(CALL_ME, {"act": "ask"}, follow=True).content.decode()
    assert "Ze bellen je" not in told
    assert "of iemand jou belt" not in told
    (todo,) = world.waiting(fleur, "call_wish")
    assert (todo.title, todo.action) == ("Sam wil graag dat je contact opneemt", "Neem contact op")
    page = world.eyes(fleur).get(todo.url).content.decode()
    assert "Sam wil graag dat je contact opneemt" in page
    assert 'href="tel:+31611223344"' not in page
    assert ("06 11223344" in page) == (way == "whatsapp")


def test_who_stays_out_hears_nothing_and_is_not_named(
    stay: Trajectory, sam: Client, group: Group, fleur: User
) -> None:
    world.make_worker(group, "Ruben de Vries")
    recuse(trajectory=stay, worker=fleur, by=stay.participant.user, said_by="young_person")
    page = sam.get("/vandaag/").content.decode()
    assert "Ruben mag mij bellen" in page
    assert "Fleur" not in page
    sam.post(CALL_ME, {"act": "ask"})
    assert not world.waiting(fleur, "call_wish")
    opened = world.eyes(fleur).get(reverse("participants:call_wish", args=[stay.pk]))
    assert opened.status_code == 404


def test_without_a_group_the_coordinator_hears_it() -> None:
    region = world.make_region()
    karim = world.make_coordinator(region)
    stay = world.make_trajectory(region=region, phase="signed_up", call_name="Bo")
    ask_call(trajectory=stay, by=stay.participant.user)
    (todo,) = world.waiting(karim, "call_wish")
    assert world.eyes(karim).get(todo.url).status_code == 200
    take_back_call(trajectory=stay, by=stay.participant.user)
    assert not world.waiting(karim, "call_wish")


def test_where_nobody_would_hear_it_is_not_offered() -> None:
    stay = world.make_trajectory(group=None, region=world.make_region(), phase="signed_up")
    sam = world.eyes(stay.participant.user)
    assert "mag mij bellen" not in sam.get("/wie-kan-helpen/").content.decode()
    with world.broken("nobody_to_call"):
        ask_call(trajectory=stay, by=stay.participant.user)


def test_blocked_is_kind_names_no_reason_and_keeps_the_place_only_while_it_is_kept(
    stay: Trajectory, sam: Client
) -> None:
    page = sam.get("/vandaag/").content.decode()
    content = page.split('id="content"')[1]
    assert "Je doet nu even niet mee" in content
    assert "Fleur legt het uit" in content
    assert 'href="tel:+31301234567"' in content
    assert "Je plek blijft van jou" in content
    for word in ("ouder", "fijn dat je er bent", "op een ja"):
        assert word not in content, word
    stay.placements.update(last_day=stay.signed_up_at.date())
    assert "Je plek blijft van jou" not in sam.get("/vandaag/").content.decode()


def test_in_a_break_and_while_blocked_nothing_is_asked(stay: Trajectory, sam: Client) -> None:
    """W12: the questionnaire that was open before waits; in a break it may still be filled in."""
    from tests.questionnaires.build import make_invitation

    make_invitation(stay, "interim")
    Trajectory.objects.filter(pk=stay.pk).update(blocked_reason="")
    assert "/vragen/" in sam.get("/vandaag/").content.decode()
    Trajectory.objects.filter(pk=stay.pk).update(blocked_reason="privacy")
    assert "/vragen/" not in sam.get("/vandaag/").content.decode()
    Trajectory.objects.filter(pk=stay.pk).update(blocked_reason="", phase="paused")
    page = sam.get("/vandaag/").content.decode()
    assert "Begin" not in page
    assert "Je hoeft ze niet in te vullen. Het mag wel." in page
    assert "Je hebt even pauze" in page


def test_after_stopping_a_number_stands_there_and_one_thing_is_said(sam: Client) -> None:
    """W17: no "good to see you", no door that is open and shut on one page."""
    Trajectory.objects.update(blocked_reason="")
    page = sam.post("/stoppen/", {"later": "no"}).content.decode()
    assert "Verkeerd getikt?" in page
    assert 'href="tel:+31301234567"' in page
    home = sam.get("/vandaag/").content.decode()
    assert 'href="tel:+31301234567"' in home
    for shown in (page, home):
        assert "fijn dat je er bent" not in shown
        assert "De deur blijft open" not in shown
        assert "doe je een keer" not in shown
