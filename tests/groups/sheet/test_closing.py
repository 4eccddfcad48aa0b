"""*Bijeenkomst afsluiten*, and the sheet that asks before it is filled in early (R-375)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Attendance, Meeting
from groups.sheet.attendance import Tap, record
from tests import world

EVENING = date(2026, 3, 13)
SINCE = EVENING - timedelta(days=60)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return world.make_meeting(group, EVENING)


def at(hour: int, minute: int = 0, days: int = 0) -> Any:
    return clock.travel(clock.at(EVENING + timedelta(days=days), hour, minute))


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def tapped(client: Client, meeting: Meeting, stay: Any, **extra: Any) -> Any:
    fields = {"client_id": str(uuid7()), "state": "present", "version": 0}
    return client.post(url("tap", meeting.pk, stay.pk), fields, **extra)


def press(client: Client, address: str, page: str = "") -> str:
    """Pressed, and what was asked first answered with yes."""
    answer = client.post(address)
    if answer.status_code == 200:
        body = answer.content.decode()
        mark = body.split('name="read" value="')[1].split('"')[0]
        assert client.post(address, {"read": mark}).status_code == 302
        return body
    return ""


# ---- Two hours before -------------------------------------------------------------------------


@pytest.mark.req("R-375")
def test_the_sheet_opens_two_hours_before_and_earlier_after_a_question(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE)
    sheet = url("meeting", meeting.pk)
    with at(16, 59):
        page = client.get(sheet).content.decode()
        assert "Deze bijeenkomst begint om 19:00. Nu al invullen?" in page
        assert "<title>Wie komt er?" in page
        assert f'id="tap-{stay.pk}"' not in page
        assert tapped(client, meeting, stay).status_code == 409
        assert tapped(client, meeting, stay, **HTMX)["HX-Redirect"] == sheet
        everyone = client.post(url("everyone", meeting.pk), {"client_id": str(uuid7())})
        assert everyone.status_code == 409
        assert not Attendance.objects.exists()
    with at(17):
        page = client.get(sheet).content.decode()
        assert "Nu al invullen?" not in page
        assert "<title>Wie is er?" in page
        assert f'id="tap-{stay.pk}"' in page
    with at(9):
        assert client.post(url("early", meeting.pk)).status_code == 302
        assert client.post(url("early", meeting.pk)).status_code == 302, "twice is once"
        assert f'id="tap-{stay.pk}"' in client.get(sheet).content.decode()
        assert tapped(client, meeting, stay).status_code == 302
        other = world.eyes(world.make_worker(group, "Daan Smit"))
        assert "Nu al invullen?" in other.get(sheet).content.decode(), "each says it themselves"
    with at(20, days=-1):
        assert tapped(client, meeting, stay).status_code == 409, "another day stays shut"


@pytest.mark.req("R-375")
def test_in_the_night_the_morning_after_a_late_one_is_not_asked_about(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    with at(3, 59):
        page = client.get(url("meeting", meeting.pk)).content.decode()
        assert "Nu al invullen?" not in page
    with at(4):
        assert "Nu al invullen?" in client.get(url("meeting", meeting.pk)).content.decode()


# ---- Closing ----------------------------------------------------------------------------------


@pytest.mark.req("R-375")
def test_empty_rows_are_asked_about_and_never_filled_in(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    here, empty = (
        world.make_participating(group, since=SINCE, call_name=name) for name in ("Amir", "Jordan")
    )
    with at(18, 59):
        page = client.get(url("meeting", meeting.pk)).content.decode()
        assert 'id="close"' not in page, "it has not begun"
        assert client.post(url("close", meeting.pk)).status_code in (200, 409)
        meeting.refresh_from_db()
        assert meeting.closed_at is None
    with at(21, 40):
        record(meeting=meeting, taps=[Tap(uuid7(), here.pk, "present", 0)], by=worker)
        page = client.get(url("meeting", meeting.pk)).content.decode()
        assert "Sluit vanzelf om 22:00." in page
        asked = press(client, url("close", meeting.pk))
        assert "Jordan" in asked
        assert "Er wordt niets voor je ingevuld" in asked
        assert not Attendance.objects.filter(trajectory=empty).exists()
        page = client.get(url("meeting", meeting.pk)).content.decode()
        assert "Afgesloten om 21:40 door Fleur." in page
        assert "<title>Wie was er?" in page
        assert f'id="tap-{empty.pk}"' in page, "it is still the day's sheet"


@pytest.mark.req("R-375")
def test_twice_by_two_workers_is_once_and_it_can_be_taken_back_until_four(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    with at(21, 30):
        press(client, url("close", meeting.pk))
    colleague = world.eyes(world.make_worker(group, "Daan Smit"))
    with at(21, 35):
        press(colleague, url("close", meeting.pk))
        said = colleague.get(url("meeting", meeting.pk)).content.decode()
        assert "was al afgesloten, om 21:30 door Fleur" in said
        assert "Afgesloten om 21:30 door Fleur." in said
        press(colleague, url("open_again", meeting.pk))
        meeting.refresh_from_db()
        assert (meeting.closed_at, meeting.closed_by) == (None, None)
        press(client, url("close", meeting.pk))
    with at(4, 0, days=1):
        assert client.post(url("open_again", meeting.pk)).status_code == 409
        assert 'id="closing"' not in client.get(url("meeting", meeting.pk)).content.decode()


@pytest.mark.req("R-375")
def test_late_it_says_how_long_it_lasted_and_from_four_on_nothing(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    with at(23, 10):
        page = client.get(url("meeting", meeting.pk)).content.decode()
        assert "Vanzelf afgesloten om 22:00." in page
        press(client, url("close", meeting.pk))
        meeting.refresh_from_db()
        assert clock.local(meeting.closed_at) == clock.at(EVENING, 23, 10)
    Meeting.objects.update(closed_at=None)
    with at(4, 0, days=1):
        assert client.post(url("close", meeting.pk)).status_code == 409


@pytest.mark.req("R-375")
def test_what_closing_opens_is_said_first(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    since = EVENING - timedelta(days=100)
    with clock.travel(since):
        stay = world.make_participating(
            group, since=since, call_name="Sam", age=17, screened_on=since
        )
        world.give_own_agreements(stay)
    for n in range(1, 6):
        day = EVENING - timedelta(days=14 * n)
        with clock.travel(clock.at(day, 20)):
            before = world.make_meeting(group, day)
            record(meeting=before, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    with at(21, 30):
        record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
        asked = press(client, url("close", meeting.pk))
        assert "Sam" in asked
        assert "Tussenmeting 1".lower() in asked.lower()
