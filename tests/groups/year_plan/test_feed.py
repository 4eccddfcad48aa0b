"""The secret address of a professional's calendar, and a meeting in a young person's own."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from core import clock
from core.accounts.models import RoleAssignment
from core.accounts.roles import Role
from core.organisations.models import Group
from groups.models import CalendarFeed
from groups.year_plan.feed import feed_of, make_feed, owner_of, stop_feed
from tests import world
from tests.world import broken

TODAY = date(2026, 11, 27)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.travel(TODAY):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(name="Groep 12–16")


def read(secret: str) -> Any:
    """What a calendar program gets: without a cookie."""
    return Client().get(reverse("groups:feed", args=[secret]))


def names(secret: str) -> list[str]:
    answer = read(secret)
    assert answer.status_code == 200
    found: Any = Calendar.from_ical(answer.content)
    return [str(event["SUMMARY"]) for event in found.walk("VEVENT")]


def test_it_shows_the_meetings_in_reach_and_no_other(group: Group) -> None:
    worker = world.make_worker(group)
    world.make_meeting(group, TODAY)
    world.make_meeting(group, TODAY + 14 * DAY, "cancelled")
    world.make_meeting(group, TODAY - 100 * DAY, "held")
    world.make_meeting(world.make_group(name="Elders"), TODAY)
    assert names(make_feed(by=worker)) == ["Groep 12–16", "Gaat niet door: Groep 12–16"]


def test_nothing_keeps_it_and_nobody_remembers_it(group: Group) -> None:
    secret = make_feed(by=world.make_worker(group))
    answer = read(secret)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    assert not answer.cookies
    assert len(secret) >= 43, "256 bits"
    row = CalendarFeed.objects.get()
    assert secret.encode() not in bytes(row.token_hash)
    assert len(bytes(row.token_hash)) == 32


def test_a_new_one_ends_the_old_one_and_stopping_ends_both(group: Group) -> None:
    worker = world.make_worker(group)
    old = make_feed(by=worker)
    new = make_feed(by=worker)
    assert read(old).status_code == 404
    assert read(new).status_code == 200
    stop_feed(by=worker)
    stop_feed(by=worker)
    assert read(new).status_code == 404
    assert feed_of(worker) is None


def test_it_ends_with_the_role_at_the_next_request(group: Group) -> None:
    worker = world.make_worker(group)
    world.make_meeting(group, TODAY)
    secret = make_feed(by=worker)
    RoleAssignment.objects.update(valid_until=TODAY)
    assert names(secret), "the last day included"
    with clock.travel(TODAY + DAY):
        gone = read(secret)
        assert gone.status_code == 404
        assert gone.content == read("no-such-secret").content
        world.give_role(worker, Role.YOUTH_WORKER, group=world.make_group(), valid_from=TODAY + DAY)
        assert read(secret).status_code == 404, "a new role does not wake an old address"
        assert feed_of(worker) is None
        assert read(make_feed(by=worker)).status_code == 200


def test_a_switched_off_account_reads_nothing(group: Group) -> None:
    worker = world.make_worker(group)
    secret = make_feed(by=worker)
    worker.is_active = False
    worker.save()
    assert owner_of(secret) is None


def test_young_people_and_who_sees_no_meetings_have_none(group: Group) -> None:
    stay = world.make_participating(group, since=TODAY - 90 * DAY)
    manager = world.make_manager(group.location.organisation)
    for user in (stay.participant.user, manager):
        with broken("no_meetings_to_see"):
            make_feed(by=user)
        client = Client()
        client.force_login(user)
        assert client.get(reverse("groups:own_feed")).status_code == 403


def test_asked_too_often_it_says_so(group: Group) -> None:
    secret = make_feed(by=world.make_worker(group))
    answers = [read(secret).status_code for _n in range(62)]
    assert answers[:60] == [200] * 60
    assert answers[60:] == [429, 429]


def test_the_own_page_shows_the_address_once(client: Client, group: Group) -> None:
    worker = world.make_worker(group)
    client.force_login(worker)
    page = reverse("groups:own_feed")
    assert b"/agenda/abonnement/" not in client.get(page).content
    made = client.post(page, {"act": "make"}).content.decode()
    assert "webcal://testserver/agenda/abonnement/" in made
    assert "http://testserver/agenda/abonnement/" in made
    assert b"/agenda/abonnement/" not in client.get(page).content, "it is kept nowhere"
    client.post(page, {"act": "stop"})
    assert not CalendarFeed.objects.exists()


# ---- One meeting -----------------------------------------------------------------------------


def test_a_young_person_takes_one_meeting_along(group: Group) -> None:
    meeting = world.make_meeting(group, TODAY)
    stay = world.make_participating(group, since=TODAY - 90 * DAY)
    elsewhere = world.make_participating(world.make_group(), since=TODAY - 90 * DAY)
    address = reverse("groups:in_calendar", args=[meeting.pk])
    client = Client()
    client.force_login(stay.participant.user)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Disposition"] == 'attachment; filename="afspraak.ics"'
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Afspraak"
    assert address in client.get(reverse("groups:my_meeting", args=[meeting.pk])).content.decode()
    client.force_login(elsewhere.participant.user)
    assert client.get(address).status_code == 404


def test_who_waits_for_a_yes_gets_no_time(group: Group) -> None:
    meeting = world.make_meeting(group, TODAY)
    stay = world.make_participating(group, since=TODAY - 90 * DAY)
    stay.blocked_reason = "consent"
    stay.save()
    client = Client()
    client.force_login(stay.participant.user)
    assert client.get(reverse("groups:in_calendar", args=[meeting.pk])).status_code == 404
