"""Repeated absence without a word stands on the dashboard and the group page (R-091)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.organisations.models import Group
from groups.seats.glance import look_at, repeatedly_missed
from participants.care.contact import note_attempt
from participants.care.worry import begin_worry
from participants.models import Trajectory
from participants.recusal.recusal import recuse
from tests import world

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)
NO_WORD = "absent_without_notice"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


def with_evenings(group: Group, *states: str, name: str = "Jamal") -> Trajectory:
    """Somebody and the last evenings, oldest first."""
    stay = world.make_participating(group, since=SINCE, call_name=name)
    for n, state in enumerate(reversed(states), 1):
        day = TODAY - timedelta(days=14 * n)
        meeting = group.meetings.filter(date=day).first() or world.make_meeting(group, day, "held")
        world.attend(stay, meeting, state)
    return stay


def pages(client: Client, group: Group) -> list[str]:
    return [
        client.get(reverse("groups:group", args=[group.pk])).content.decode(),
        client.get(reverse("home:today")).content.decode(),
    ]


def said(n: int) -> str:
    one, more = "%(n)s time not here, no word", "%(n)s times not here, no word"
    return ngettext(one, more, n) % {"n": n}


@pytest.mark.req("R-091")
@pytest.mark.parametrize(
    ("states", "missed"),
    [
        ([NO_WORD], 0),
        ([NO_WORD, "present"], 0),
        ([NO_WORD, "absent_with_notice", "absent_with_notice"], 0),
        ([NO_WORD, "present", NO_WORD], 2),
        ([NO_WORD, NO_WORD, NO_WORD], 3),
    ],
)
def test_from_the_second_time_on_it_is_said(states: list[str], missed: int) -> None:
    assert repeatedly_missed(states) == missed


@pytest.mark.req("R-091")
def test_group_page_and_dashboard_show_repeated_no_shows(
    client: Client, group: Group, worker: Any
) -> None:
    with_evenings(group, NO_WORD, "present", NO_WORD)
    with_evenings(group, "present", NO_WORD, "present", name="Noor")
    for page in pages(client, group):
        assert page.count(said(2)) == 1
        assert said(1) not in page


@pytest.mark.req("R-091")
def test_by_agreement_is_quiet_and_a_worry_is_not(
    client: Client, group: Group, worker: Any
) -> None:
    stay = with_evenings(group, NO_WORD, NO_WORD)
    note_attempt(
        trajectory=stay,
        outcome="spoken",
        conclusion="agreed",
        quiet_until=TODAY + timedelta(days=10),
        by=worker,
    )
    for page in pages(client, group):
        assert _("away by agreement") in page
        assert said(2) not in page
    assert _("worried") not in pages(client, group)[0]
    begin_worry(trajectory=stay, by=worker)
    for page in pages(client, group):
        assert _("worried") in page
        assert _("away by agreement") not in page


def test_who_stays_out_and_who_only_counts_see_no_signal(
    client: Client, group: Group, worker: Any
) -> None:
    stay = with_evenings(group, NO_WORD, NO_WORD)
    begin_worry(trajectory=stay, by=worker)
    coordinator = Client()
    coordinator.force_login(world.make_coordinator(group.location.region))
    page = coordinator.get(reverse("groups:group", args=[group.pk])).content.decode()
    assert _("worried") not in page
    recuse(trajectory=stay, worker=worker, by=worker, said_by="worker")
    for page in pages(client, group):
        assert _("worried") not in page


def test_the_glance_costs_the_same_with_signals(
    group: Group, worker: Any, django_assert_num_queries: Any
) -> None:
    with_evenings(group, NO_WORD, NO_WORD)
    with django_assert_num_queries(3):
        look_at(group, worker, with_waiting=True)
    for n in range(8):
        begin_worry(trajectory=with_evenings(group, NO_WORD, NO_WORD, name=f"N{n}"), by=worker)
    with django_assert_num_queries(3):
        look_at(group, worker, with_waiting=True)
