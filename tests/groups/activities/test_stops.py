"""Where the group is during a meeting, and how many they are."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.ids import uuid7
from core.organisations.models import Group
from groups.activities.stops import (
    come_back,
    count_heads,
    expected,
    go_on,
    take_back_stop,
    where_now,
    whereabouts,
)
from groups.models import ActivityStop, Attendance, Meeting
from tests import world
from tests.world import broken, eyes

TODAY = date(2026, 3, 13)
LEAVE = clock.at(TODAY, 19, 15)


@pytest.fixture(autouse=True)
def _that_evening() -> Any:
    with clock.travel(LEAVE):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return world.make_meeting(group, TODAY, activity="Bowlen")


@pytest.fixture
def fleur(group: Group) -> User:
    return world.make_worker(group)


@pytest.fixture
def client(fleur: User) -> Client:
    return eyes(fleur)


def page_of(meeting: Meeting) -> str:
    return reverse("groups:stops", args=[meeting.pk])


def test_where_the_group_is_follows_from_the_last_stop_that_has_come() -> None:
    off = ActivityStop(at=LEAVE, what="Bowlen")
    back = ActivityStop(at=LEAVE + timedelta(hours=2), is_back=True)
    before = whereabouts([off, back], LEAVE - timedelta(minutes=1))
    assert (before.away, before.last, before.next) == (None, None, off)
    during = whereabouts([off, back], LEAVE)
    assert (during.away, during.next) == (off, back)
    after = whereabouts([off, back], LEAVE + timedelta(hours=2))
    assert (after.away, after.last, after.next) == (None, back, None)


def test_off_counted_and_back_in_a_tap_each(meeting: Meeting, client: Client, group: Group) -> None:
    for _n in range(3):
        world.attend(world.make_participating(group, since=TODAY), meeting)
    early = world.attend(world.make_participating(group, since=TODAY), meeting)
    Attendance.objects.filter(pk=early.pk).update(left_at=LEAVE)
    Meeting.objects.filter(pk=meeting.pk).update(guests=1)
    assert expected(meeting) == 4
    client.post(page_of(meeting), {"act": "go", "what": "Bowlen", "place": "Kerkplein 2"})
    stop = ActivityStop.objects.get()
    client.post(page_of(meeting), {"act": "count", "stop": str(stop.pk), "counted": "4"})
    stop.refresh_from_db()
    assert (stop.at, stop.place, stop.counted, stop.counted_at) == (LEAVE, "Kerkplein 2", 4, LEAVE)
    with clock.travel(LEAVE + timedelta(hours=2)):
        client.post(page_of(meeting), {"act": "back"})
        assert where_now(meeting).away is None
        assert client.get(page_of(meeting)).status_code == 200


def test_two_workers_and_a_resend_make_one_stop(meeting: Meeting, fleur: User) -> None:
    other = world.make_worker(meeting.group, "Sem Visser")
    one = uuid7()
    for by, client_id in ((fleur, one), (other, uuid7()), (fleur, one)):
        go_on(meeting=meeting, what="Bowlen", by=by, client_id=client_id)
    for by in (fleur, other):
        come_back(meeting=meeting, by=by, client_id=uuid7())
    assert list(ActivityStop.objects.values_list("what", "is_back")) == [
        ("Bowlen", False),
        ("", True),
    ]


def test_the_id_of_another_meetings_stop_is_nobodys_second_time(
    meeting: Meeting, fleur: User
) -> None:
    """What was sent there is no answer here: it would be said to be saved, and was not."""
    used = uuid7()
    elsewhere = world.make_tonight(world.make_group())
    go_on(meeting=elsewhere, what="Zwemmen", by=world.make_worker(elsewhere.group), client_id=used)
    with broken("client_id_used"):
        go_on(meeting=meeting, what="Bowlen", by=fleur, client_id=used)
    assert not ActivityStop.objects.filter(meeting=meeting).exists()


def test_the_last_count_stands(meeting: Meeting, fleur: User) -> None:
    other = world.make_worker(meeting.group, "Sem Visser")
    stop = go_on(meeting=meeting, what="Bowlen", by=fleur)
    count_heads(meeting=meeting, stop_id=stop.pk, counted=9, by=fleur)
    stop = count_heads(meeting=meeting, stop_id=stop.pk, counted=10, by=other)
    assert (stop.counted, stop.counted_by) == (10, other)
    for wrong in (-1, 100):
        with broken("unlikely_count"):
            count_heads(meeting=meeting, stop_id=stop.pk, counted=wrong, by=fleur)
    take_back_stop(meeting=meeting, stop_id=stop.pk, by=fleur)
    take_back_stop(meeting=meeting, stop_id=stop.pk, by=fleur)
    with broken("no_such_stop"):
        count_heads(meeting=meeting, stop_id=stop.pk, counted=10, by=fleur)


def test_said_beforehand_and_around_the_meeting_only(
    meeting: Meeting, client: Client, fleur: User
) -> None:
    assert (
        client.post(page_of(meeting), {"act": "go", "what": "IJs eten", "at": "21:00"}).status_code
        == 302
    )
    assert where_now(meeting).next == ActivityStop.objects.get()
    for fields in (
        {"act": "go", "what": ""},
        {"act": "go", "what": "x", "at": "25:00"},
        {"act": "go", "what": "x", "at": "12:00"},
        {"act": "go", "what": "x" * 10_000},
        {"act": "go", "what": "a\x00b"},
    ):
        assert client.post(page_of(meeting), fields).status_code == 422, fields
    for fields in ({"act": "fly"}, {"act": "undo", "stop": "x"}, {}):
        assert client.post(page_of(meeting), fields).status_code == 400
    assert ActivityStop.objects.count() == 1


def test_not_of_a_cancelled_meeting_nor_after_the_night(
    meeting: Meeting, fleur: User, group: Group
) -> None:
    off = world.make_meeting(group, TODAY + timedelta(days=1), status="cancelled")
    with broken("meeting_cancelled"):
        go_on(meeting=off, what="Bowlen", by=fleur)
    with clock.travel(clock.at(TODAY + timedelta(days=1), 3, 59)):
        come_back(meeting=meeting, by=fleur)
    with clock.travel(clock.at(TODAY + timedelta(days=1), 4)), broken("closed"):
        come_back(meeting=meeting, by=fleur)


def test_another_groups_meeting_is_not_found(client: Client) -> None:
    other = world.make_meeting(world.make_group(), TODAY)
    assert client.get(page_of(other)).status_code == 404
    assert client.post(page_of(other), {"act": "back"}).status_code == 404
