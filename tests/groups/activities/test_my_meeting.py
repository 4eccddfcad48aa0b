"""The own meeting: where, what and how much; *I can't come* and *I can come after all*."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from groups.activities.ideas import propose
from groups.activities.plans import answer_questions, plan_activity
from groups.activities.stops import go_on
from groups.activities.tasks import organise
from groups.evenings.meetings import cancel_meeting, move_meeting
from groups.models import AbsenceNotice, Meeting
from groups.sheet.rows import rows_of
from participants.models import Trajectory
from tests import world
from tests.world import eyes

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(name="Groep Vrijdag")


@pytest.fixture
def noor(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Noor", age=15)


@pytest.fixture
def young(noor: Trajectory) -> Client:
    client = eyes(noor.participant.user)
    client.cookies["django_language"] = "nl"
    return client


@pytest.fixture
def fleur(group: Group) -> User:
    return world.make_worker(group)


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return world.make_meeting(group, TODAY)


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def read(client: Client, name: str, meeting: Meeting) -> str:
    return str(client.get(url(name, meeting.pk)).content.decode())


def told(meeting: Meeting, noor: Trajectory, fleur: User) -> bool:
    """What the sheet proposes."""
    return rows_of(Meeting.objects.get(pk=meeting.pk), fleur)[noor.pk].told


@pytest.mark.req("R-132")
@pytest.mark.req_part("R-002")
def test_where_it_is_by_a_link_that_says_nothing_of_who_looks(
    young: Client, meeting: Meeting
) -> None:
    """No foreign host is asked for anything before a tap; the tap tells no page it came from."""
    location = meeting.group.location
    location.door = "De blauwe deur naast het fietsenrek."
    location.save()
    page = read(young, "my_meeting", meeting)
    link = page[page.index("https://www.openstreetmap.org/") - 80 :][:400]
    assert "Dorpsstraat+1%2C+Voorbeeldstad" in link
    assert "noreferrer" in link
    assert "De blauwe deur" in page
    assert page.count("openstreetmap.org") == 1
    location.street = ""
    location.save()
    assert "openstreetmap" not in read(young, "my_meeting", meeting)


@pytest.mark.req("R-097")
@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (750, "Het kost ongeveer € 7,50 per persoon. Dat betaal je zelf."),
        (0, "Het is gratis."),
        (None, "Wat het kost, is nog niet bekend."),
    ],
)
def test_what_it_costs_per_person_stands_with_the_meeting(
    young: Client, noor: Trajectory, meeting: Meeting, cents: int | None, words: str
) -> None:
    me = noor.participant.user
    one = propose(group_id=meeting.group_id, title="Bowlen", by=me, trajectory=noor)
    plan_activity(activity=one, meeting=meeting, by=me, trajectory=noor)
    answer_questions(activity=one, by=me, trajectory=noor, title="Bowlen", cost_cents=cents)
    page = read(young, "my_meeting", meeting)
    assert words in page
    assert (url("too_expensive", one.pk) in page) is (cents != 0)


@pytest.mark.req("R-092")
def test_i_cannot_come_is_one_tap_and_thanks(
    young: Client, noor: Trajectory, meeting: Meeting, fleur: User
) -> None:
    """Twice is once; the reason is not needed; the sheet proposes it; undone and done again."""
    page = url("absent", meeting.pk)
    assert "Wil je zeggen waarom? Hoeft niet." in young.post(page, follow=True).content.decode()
    young.post(page)
    thanks = young.post(page, {"why": "Toets"}, follow=True).content.decode()
    assert "Fijn dat je het laat weten. Tot de volgende keer." in thanks
    assert "Ik kom toch" in thanks
    assert AbsenceNotice.objects.get().why == "Toets"
    assert told(meeting, noor, fleur)
    for _tap in range(2):
        young.post(page, {"act": "come"})
    assert not told(meeting, noor, fleur)
    young.post(page)
    assert told(meeting, noor, fleur)
    assert AbsenceNotice.objects.count() == 2


@pytest.mark.req_part("R-092")
def test_it_is_always_about_the_meeting_of_the_page(
    young: Client, noor: Trajectory, group: Group, meeting: Meeting, fleur: User
) -> None:
    """Tonight's too, until it is over; a page that was left open says no kindly."""
    later = world.make_meeting(group, TODAY + timedelta(days=14))
    with clock.travel(meeting.starts_at + timedelta(minutes=20)):
        young.post(url("absent", meeting.pk))
        assert told(meeting, noor, fleur)
        assert not told(later, noor, fleur)
    for over in (meeting.ends_at, meeting.ends_at + timedelta(days=2)):
        with clock.travel(over):
            answer = young.post(url("absent", meeting.pk), {"act": "come"}, follow=True)
            assert answer.status_code == 200
            assert "Deze bijeenkomst is voorbij." in answer.content.decode()
            assert told(meeting, noor, fleur)
    Meeting.objects.filter(pk=meeting.pk).update(closed_at=meeting.starts_at)
    with clock.travel(meeting.starts_at + timedelta(hours=1)):
        young.post(url("absent", meeting.pk), {"act": "come"})
        assert told(meeting, noor, fleur), "a worker said that it was over"


@pytest.mark.req_part("R-092")
def test_cancelled_meanwhile_says_so(young: Client, meeting: Meeting, fleur: User) -> None:
    cancel_meeting(meeting=meeting, reason="weather", by=fleur)
    for fields in ({}, {"act": "come"}):
        answer = young.post(url("absent", meeting.pk), fields, follow=True)
        assert "Deze bijeenkomst gaat niet door" in answer.content.decode()
    assert "Ik kan niet" not in read(young, "my_meeting", meeting)
    assert not AbsenceNotice.objects.exists()


@pytest.mark.req("R-092")
def test_on_another_day_it_lapses_and_is_asked_again(
    young: Client, noor: Trajectory, meeting: Meeting, fleur: User
) -> None:
    """Another hour changes nothing; moved back to that day, it stands again."""
    young.post(url("absent", meeting.pk), {"why": "Feest"})
    early = clock.local(meeting.starts_at - timedelta(hours=1)).time()
    moved = move_meeting(meeting=meeting, date=TODAY, starts_at=early, by=fleur)
    assert told(moved, noor, fleur)
    moved = move_meeting(meeting=moved, date=TODAY + timedelta(days=1), by=fleur)
    assert not told(moved, noor, fleur)
    page = read(young, "my_meeting", moved)
    assert "Deze bijeenkomst is verplaatst. Je had laten weten dat je op 13 maart niet kon" in page
    moved = move_meeting(meeting=moved, date=TODAY, by=fleur)
    assert told(moved, noor, fleur)
    moved = move_meeting(meeting=moved, date=TODAY + timedelta(days=1), by=fleur)
    young.post(url("absent", moved.pk), {"act": "come"})
    assert "verplaatst" not in read(young, "my_meeting", moved)
    moved = move_meeting(meeting=moved, date=TODAY, by=fleur)
    assert not told(moved, noor, fleur), "they said since that they come"


def test_who_arranges_something_may_give_it_back(
    young: Client, noor: Trajectory, meeting: Meeting
) -> None:
    me = noor.participant.user
    one = propose(group_id=meeting.group_id, title="Bowlen", by=me, trajectory=noor)
    plan_activity(activity=one, meeting=meeting, by=me, trajectory=noor)
    assert (
        "Je regelt nog iets"
        not in young.post(url("absent", meeting.pk), follow=True).content.decode()
    )
    organise(activity=one, trajectory=noor)
    page = young.post(url("absent", meeting.pk), follow=True).content.decode()
    assert "Je regelt nog iets" in page
    assert url("idea", one.pk) in page


def test_a_latecomer_sees_where_the_group_is(young: Client, meeting: Meeting, fleur: User) -> None:
    with clock.travel(meeting.starts_at + timedelta(minutes=15)):
        go_on(meeting=meeting, what="Bowlen", place="Kerkplein 2", by=fleur)
        page = read(young, "my_meeting", meeting)
    assert "Onderweg naar Bowlen, vertrokken om 19:15" in page
    assert "Kerkplein 2" in page
