"""The group chat: who is added when, who is taken out, and the example of the workers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from groups.models import ExampleMessage, Placement
from groups.room.chat import example_for, members_of, note_chat, set_chat_link, texts_before
from groups.seats.placement import move
from participants.models import Trajectory
from tests import world
from tests.groups.room.build import DAY, somebody

pytestmark = pytest.mark.django_db
LINK = "https://chat.whatsapp.example/abc"


@pytest.fixture
def group():
    with clock.travel(DAY):
        yield world.make_group(name="Groep Vrijdag", chat_link=LINK)


@pytest.fixture
def fleur(group):
    return world.make_worker(group)


def todos(user):
    return {todo.title for todo in world.waiting(user, "chat")}


def seat_of(stay, group=None):
    rows = Placement.objects.filter(trajectory=stay)
    return (rows.filter(group=group) if group else rows).latest("first_day")


def note(stay, what, by, group=None):
    note_chat(placement=seat_of(stay, group), what=what, by=by)


@pytest.mark.req("R-079")
def test_the_to_do_comes_with_the_choice_and_not_for_who_comes_to_look(group, fleur):
    visitor = world.make_trajectory(group=group, phase="trial", call_name="Mees")
    world.seat(visitor, first_day=clock.today(), trial=True)
    assert todos(fleur) == set()
    with world.broken("chat_after_choice"):
        note(visitor, "in", fleur)
    Placement.objects.filter(trajectory=visitor).update(last_day=clock.today())
    world.seat(visitor, first_day=clock.today() + timedelta(days=1), number=2)
    assert todos(fleur) == {"Zet Mees in de groepsapp"}


@pytest.mark.req("R-079")
def test_the_page_hands_over_the_link_and_can_be_taken_back(group, fleur):
    noor = somebody(group, "Noor")
    client = world.eyes(fleur)
    url = reverse("groups:chat", args=[seat_of(noor).pk])
    shown = client.get(url).content.decode()
    assert LINK in shown
    assert 'class="qr"' in shown
    for what, asks in (("in", set()), ("undo", {"Zet Noor in de groepsapp"}), ("without", set())):
        client.post(url, {"what": what})
        assert todos(fleur) == asks, what
    assert client.post(url, {"what": "maybe"}).status_code == 400


@pytest.mark.req("R-079")
def test_two_workers_note_the_same_and_nothing_is_undone(group, fleur):
    noor, daan = somebody(group, "Noor"), world.make_worker(group, "Daan Mulder")
    assert todos(daan) == todos(fleur) == {"Zet Noor in de groepsapp"}
    note(noor, "in", fleur)
    with clock.travel(DAY + timedelta(days=1)):
        note(noor, "in", daan)
    assert seat_of(noor).in_chat_on == DAY.date()
    assert todos(daan) == set()


@pytest.mark.req("R-189")
def test_who_left_is_taken_out_also_when_the_group_has_no_link_any_more(group, fleur):
    noor, sam = somebody(group, "Noor"), somebody(group, "Sam")
    for stay in (noor, sam):
        note(stay, "in", fleur)
    Placement.objects.filter(trajectory=noor).update(last_day=DAY.date())
    assert todos(fleur) == set(), "until the last day it is theirs"
    with clock.travel(DAY + timedelta(days=1)):
        assert todos(fleur) == {"Haal Noor uit de groepsapp"}
        set_chat_link(group=group, link="", by=fleur)
        assert todos(fleur) == {"Haal Noor uit de groepsapp"}
        note(noor, "out", fleur)
        assert todos(fleur) == set()
        note(noor, "undo", fleur)
        assert todos(fleur) == {"Haal Noor uit de groepsapp"}


@pytest.mark.req("R-189", "R-079")
def test_who_moves_goes_out_of_the_old_chat_and_into_the_new_one_on_the_day(group, fleur):
    organisation = group.location.organisation
    other = world.make_group(organisation=organisation, name="Groep Maandag", chat_link=LINK)
    anouk = world.make_worker(other, "Anouk Visser")
    noor = somebody(group, "Noor")
    world.give_own_agreements(noor)
    world.give_parental_yes(noor)
    note(noor, "in", fleur)
    noor.refresh_from_db()
    day = DAY.date() + timedelta(days=3)
    move(trajectory=noor, to_group=other, first_day=day, by=fleur, reason="dichterbij")
    assert todos(fleur) == todos(anouk) == set()
    with clock.travel(clock.at(day, 12)):
        assert todos(fleur) == {"Haal Noor uit de groepsapp"}
        assert todos(anouk) == {"Zet Noor in de groepsapp"}
        note(noor, "in", anouk, other)
        note(noor, "out", fleur, group)
        assert todos(fleur) == todos(anouk) == set()


@pytest.mark.req("R-189")
def test_who_is_blocked_is_taken_out_at_once_and_comes_back_later(group, fleur):
    noor = somebody(group, "Noor")
    note(noor, "in", fleur)
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="parental_consent")
    (todo,) = world.waiting(fleur, "chat")
    assert (todo.title, todo.urgency) == ("Haal Noor uit de groepsapp", 1)
    note(noor, "out", fleur)
    assert todos(fleur) == set()
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="")
    assert todos(fleur) == {"Zet Noor in de groepsapp"}


@pytest.mark.req("R-189")
def test_in_a_pause_it_is_agreed_out_or_still_in(group, fleur):
    noor = somebody(group, "Noor")
    note(noor, "in", fleur)
    paused(noor)
    assert todos(fleur) == {"Haal Noor uit de groepsapp"}
    note(noor, "stays", fleur)
    assert todos(fleur) == set()
    with clock.travel(DAY + timedelta(days=30)):
        Trajectory.objects.filter(pk=noor.pk).update(phase="participating")
        assert todos(fleur) == set()
        paused(noor)
        assert todos(fleur) == {"Haal Noor uit de groepsapp"}, "a new pause is asked anew"


def paused(stay):
    Trajectory.objects.filter(pk=stay.pk).update(phase="paused")
    stay.phase_changes.create(from_phase="participating", to_phase="paused", at=clock.now())


@pytest.mark.req("R-100")
def test_without_the_chat_everything_goes_on_and_nobody_nags(group, fleur):
    noor = somebody(group, "Noor")
    note(noor, "without", fleur)
    assert todos(fleur) == set()
    client = world.eyes(noor.participant.user)
    for name in ("groups:mine", "groups:calendar", "home:today"):
        assert client.get(reverse(name)).status_code == 200
    (member,) = members_of(fleur, group)
    assert (member.state, member.asks) == ("without", "")


@pytest.mark.req("R-100")
def test_a_group_without_a_chat_asks_nothing(group, fleur):
    set_chat_link(group=group, link="", by=fleur)
    somebody(group, "Noor")
    world.make_meeting(group, DAY.date() + timedelta(days=7))
    assert todos(fleur) == set()
    assert world.waiting(fleur, "chat_example") == []


def test_the_link_is_a_link(group, fleur):
    with world.broken("no_link"):
        set_chat_link(group=group, link="javascript:alert(1)", by=fleur)
    client = world.eyes(fleur)
    url = reverse("groups:group_chat", args=[group.pk])
    assert client.post(url, {"act": "link", "link": "javascript:alert(1)"}).status_code == 422
    client.post(url, {"act": "link", "link": "https://chat.example/nieuw"})
    assert Group.objects.get(pk=group.pk).chat_link == "https://chat.example/nieuw"


# ---- the example of the workers -----------------------------------------------------


@pytest.fixture
def coming(group):
    world.make_meeting(group, DAY.date() - timedelta(days=7), "held")
    return world.make_meeting(group, DAY.date() + timedelta(days=7), activity="bowlen")


@pytest.mark.req("R-143")
def test_between_two_meetings_the_workers_are_reminded_once(group, fleur, coming):
    daan = world.make_worker(group, "Daan Mulder")
    (todo,) = world.waiting(fleur, "chat_example")
    assert todo.urgency == 3
    assert len(world.waiting(daan, "chat_example")) == 1
    client = world.eyes(fleur)
    shown = client.get(todo.url).content.decode()
    assert "Hoi allemaal! Op woensdag 11 maart om" in shown
    assert "We gaan dit doen: bowlen." in shown
    for act in ("sent", "sent"):
        client.post(todo.url.partition("#")[0], {"act": act, "before": coming.pk})
    assert ExampleMessage.objects.get().sent is True
    assert world.waiting(fleur, "chat_example") == world.waiting(daan, "chat_example") == []


@pytest.mark.req("R-143")
def test_it_can_be_put_away_and_comes_back_before_the_meeting_after(group, fleur, coming):
    after = world.make_meeting(group, DAY.date() + timedelta(days=21))
    client = world.eyes(fleur)
    url = reverse("groups:group_chat", args=[group.pk])
    client.post(url, {"act": "not_now", "before": coming.pk})
    assert world.waiting(fleur, "chat_example") == []
    client.post(url, {"act": "back", "before": coming.pk})
    assert len(world.waiting(fleur, "chat_example")) == 1
    client.post(url, {"act": "not_now", "before": coming.pk})
    with clock.travel(DAY + timedelta(days=14)):
        (todo,) = world.waiting(fleur, "chat_example")
        assert todo.about == after.pk
    assert client.post(url, {"act": "sent", "before": "x"}).status_code == 400
    elsewhere = world.make_meeting(world.make_group(), DAY.date())
    assert client.post(url, {"act": "sent", "before": elsewhere.pk}).status_code == 404


@pytest.mark.req("R-143")
@pytest.mark.parametrize(("days", "asked"), [(-6, 0), (-3, 1), (4, 1), (6, 0)])
def test_not_right_after_a_meeting_and_not_right_before_one(group, fleur, coming, days, asked):
    with clock.travel(DAY + timedelta(days=days)):
        assert len(world.waiting(fleur, "chat_example")) == asked
        assert bool(example_for(group)) is bool(asked)


@pytest.mark.req("R-143")
def test_the_texts_have_no_names_and_differ_from_time_to_time(group, coming):
    later = world.make_meeting(group, DAY.date() + timedelta(days=21))
    now, then = texts_before(coming), texts_before(later)
    assert now[1] != then[1]
    assert "{" not in "".join(now + then)
