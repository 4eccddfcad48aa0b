"""What other phones did appears by itself: asked often, so it must be cheap, and keep nobody in."""

import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.signin import LAST_SEEN_AT
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Meeting
from groups.sheet.attendance import Tap, record
from groups.sheet.beside import add_visitor, count_guests
from tests import world

EVENING = date(2026, 3, 13)
SINCE = EVENING - timedelta(days=60)
QUERIES = 7
"""The session, who this is, the roles, the evening, what was saved last, the rows, whom to ring."""


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


@pytest.fixture(autouse=True)
def _that_evening() -> Any:
    with clock.travel(clock.at(EVENING, 19, 30)):
        yield


def ask(client: Client, meeting: Meeting, mark: str) -> Any:
    address = reverse("groups:meeting_now", args=[meeting.pk])
    return client.get(address, {"v": mark}, headers={"X-By-Itself": "1"})


def mark_on(page: Any) -> str:
    return str(page.content.decode().split('data-v="')[1].split('"')[0])


@pytest.mark.req("R-129")
def test_nothing_new_is_204_and_everything_that_happens_is_not(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Amir")
    daan = world.make_worker(group, "Daan Smit")
    mark = mark_on(client.get(reverse("groups:meeting", args=[meeting.pk])))
    assert ask(client, meeting, mark).status_code == 204
    acts: list[Any] = [
        lambda: record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=daan),
        lambda: count_guests(meeting=meeting, change=1, client_id=uuid7(), by=daan),
        lambda: add_visitor(meeting=meeting, call_name="Kim", client_id=uuid7(), by=daan),
        lambda: world.make_participating(group, since=SINCE, call_name="Bo"),
    ]
    for act in acts:
        act()
        answer = ask(client, meeting, mark)
        assert answer.status_code == 200
        assert "<html" not in answer.content.decode()
        mark = mark_on(answer)
        assert ask(client, meeting, mark).status_code == 204


@pytest.mark.parametrize("people", [5, 15])
def test_asking_costs_the_same_for_five_and_fifteen(
    client: Client, group: Group, worker: Any, people: int, django_assert_num_queries: Any
) -> None:
    meeting = world.make_meeting(group, EVENING)
    for _n in range(people):
        world.make_participating(group, since=SINCE)
    mark = mark_on(ask(client, meeting, ""))
    with django_assert_num_queries(QUERIES):
        assert ask(client, meeting, mark).status_code == 204


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in_and_signs_nobody_out(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    ask(client, meeting, "")
    session = client.session
    long_ago = time.time() - settings.SESSION_IDLE[worker.kind] + 60
    session[LAST_SEEN_AT] = long_ago
    session.save()
    assert ask(client, meeting, "").status_code == 200
    assert client.session[LAST_SEEN_AT] == long_ago
    session = client.session
    session[LAST_SEEN_AT] = time.time() - settings.SESSION_IDLE[worker.kind] - 60
    session.save()
    assert ask(client, meeting, "").status_code == 401
    assert client.session.get("_auth_user_id"), "what is tapped next can still be kept"
    assert client.get(reverse("groups:meeting", args=[meeting.pk])).status_code == 302


def test_a_sheet_of_another_day_asks_nothing(client: Client, group: Group, worker: Any) -> None:
    for days in (-7, 7):
        meeting = world.make_meeting(group, EVENING + timedelta(days=days))
        page = client.get(reverse("groups:meeting", args=[meeting.pk])).content.decode()
        assert "data-now" not in page
