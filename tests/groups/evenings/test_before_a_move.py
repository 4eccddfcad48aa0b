"""With a place in another group from a later day on: who tells them what (R-376, R-377)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.messaging.models import Message
from core.messaging.sending import send_due
from groups.evenings.meetings import cancel_meeting
from groups.evenings.ring_list import who_knows
from groups.models import Meeting
from groups.seats.moving import ask_move
from participants.models import Trajectory
from tests import world

WEDNESDAY = date(2026, 12, 2)
DAY = timedelta(days=1)


@dataclass
class Moving:
    """Casey (20) comes to the old group until Sunday 13 December, and then to the new one."""

    casey: Trajectory
    worker: User
    there: User
    old: Meeting
    new: Meeting

    def page(self, name: str) -> str:
        client = Client()
        client.force_login(self.casey.participant.user)
        return " ".join(client.get(reverse(name)).content.decode().split())

    def mails(self, state: str) -> int:
        contact = self.casey.participant.contact_id
        return Message.objects.filter(contact=contact, kind="groups.meetings", state=state).count()


@pytest.fixture
def moving(db: None) -> Iterator[Moving]:
    with clock.travel(clock.at(WEDNESDAY, 10, 12)):
        here = world.make_group(name="Groep vrijdag", age_from=12, age_until=30)
        house = {"organisation": here.location.organisation, "region": here.location.region}
        there = world.make_group(name="Groep zaterdag", age_from=12, age_until=30, **house)
        since = WEDNESDAY - 100 * DAY
        casey = world.make_participating(here, since=since, age=20, call_name="Casey")
        world.give_own_agreements(casey)
        world.attend(casey, world.make_meeting(here, since, status="held"))
        worker = world.make_worker(here)
        old = world.make_meeting(here, WEDNESDAY + 9 * DAY)
        new = world.make_meeting(there, WEDNESDAY + 17 * DAY)
        ask_move(
            trajectory=casey,
            to_group=there,
            first_day=WEDNESDAY + 12 * DAY,
            reason="Reistijd.",
            by=worker,
            spoken_on=WEDNESDAY,
        )
        yield Moving(casey, worker, world.make_worker(there, "Daan Vos"), old, new)


@pytest.mark.req("R-376")
@pytest.mark.req("R-377")
def test_a_meeting_of_the_new_group_that_falls_away_is_told_before_the_move(
    moving: Moving,
) -> None:
    cancel_meeting(meeting=moving.new, reason="location", by=moving.there)
    assert moving.mails("queued") == 1
    with clock.travel(clock.at(WEDNESDAY + DAY, 18)):
        send_due()
        assert moving.mails("sent") == 1
        assert who_knows(Meeting.objects.get(pk=moving.new.pk), moving.there).mailed == 1


@pytest.mark.req("R-377")
def test_until_the_move_the_start_page_shows_the_meeting_of_the_old_group(moving: Moving) -> None:
    """Not the first one of the new group, two weeks later."""
    page = moving.page("home:today")
    assert "11 december" in page
    assert "19 december" not in page
    Meeting.objects.filter(pk=moving.old.pk).update(status="cancelled")
    assert "19 december" in moving.page("home:today"), "then the first one there is next"


@pytest.mark.req("R-376")
@pytest.mark.parametrize("page", ["home:today", "groups:calendar"])
def test_until_the_move_the_old_groups_cancelled_meeting_stands_on_the_own_pages(
    moving: Moving, page: str
) -> None:
    cancel_meeting(meeting=moving.old, reason="location", by=moving.worker)
    assert "Vrijdag 11 december gaat niet door." in moving.page(page)


@pytest.mark.req("R-376")
def test_the_agenda_says_of_each_group_what_falls_on_the_own_days_there(moving: Moving) -> None:
    late = world.make_meeting(moving.old.group, WEDNESDAY + 23 * DAY)
    cancel_meeting(meeting=late, reason="location", by=moving.worker)
    cancel_meeting(meeting=moving.new, reason="location", by=moving.there)
    page = moving.page("groups:calendar")
    assert "Zaterdag 19 december gaat niet door." in page
    assert "25 december" not in page
