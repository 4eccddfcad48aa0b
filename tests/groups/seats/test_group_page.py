"""The page of a group: whom to ring, tonight, the people by date, and no dead end."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.organisations.models import Group
from participants.recusal.recusal import recuse
from tests import world

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    organisation = world.make_organisation("Welzijn Hier", phone="026 123 45 67")
    return world.make_group(organisation=organisation, capacity=2, age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    user = world.make_worker(group, "Fleur Jansen")
    user.contact.phone = "06 11 22 33 44"
    user.contact.save()
    return user


def page_of(client: Client, group: Group) -> str:
    return client.get(reverse("groups:group", args=[group.pk])).content.decode()


def test_whom_to_ring_comes_before_everything_else(at_work: Client, group: Group) -> None:
    page = page_of(at_work, group)
    for_all = 'href="tel:+31261234567"'
    assert page.index("Fleur Jansen") < page.index('href="tel:+31611223344"')
    assert for_all not in page
    world.make_worker(group, "Sem de Wit")
    coordinator = world.eyes(world.make_coordinator(group.location.region))
    for page in (page_of(at_work, group), page_of(coordinator, group)):
        assert "Sem de Wit" in page
        assert 'href="tel:+31611223344"' in page
        assert for_all in page, "somebody has no number: the organisation's stands there"
        assert page.index(for_all) < page.index('class="staff__columns"')


def test_the_number_of_a_worker_of_another_group_is_not_theirs(
    at_work: Client, group: Group
) -> None:
    other = world.make_worker(world.make_group(), "Ander Mens")
    other.contact.phone = "06 99 99 99 99"
    other.contact.save()
    assert "Ander Mens" not in page_of(at_work, group)


def test_every_line_ends_at_the_same_evening(at_work: Client, group: Group) -> None:
    old = world.make_participating(group, since=SINCE, call_name="Amir")
    new = world.make_participating(group, since=TODAY - timedelta(days=20), call_name="Evi")
    for weeks, status in ((6, "held"), (4, "held"), (3, "cancelled"), (2, "held")):
        evening = world.make_meeting(group, TODAY - timedelta(weeks=weeks), status)
        if status == "held":
            world.attend(old, evening)
    world.attend(new, group.meetings.get(date=TODAY - timedelta(weeks=2)), "absent_with_notice")
    page = page_of(at_work, group)
    table = page[page.index("<thead>") : page.index("</table>")]
    head, *lines = table.split("<tr>")[1:]
    assert len(re.findall('<th scope="col" class="evening">', head)) == 3
    states = [
        [re.findall(r"dot--(\w+)", cell) for cell in re.findall(r"<td.*?</td>", line)]
        for line in lines
    ]
    assert states == [[["present"]] * 3, [[], [], ["absent_with_notice"]]]


def test_nobody_meets_the_goodbye_on_the_page_of_the_group(at_work: Client, group: Group) -> None:
    stay = world.make_participating(group, since=SINCE)
    page = page_of(at_work, group)
    assert reverse("home:file", args=[stay.pk]) in page
    for name in ("leave", "move"):
        assert reverse(f"groups:{name}", args=[stay.pk]) not in page


@pytest.mark.req("R-117")
def test_a_full_group_says_so_and_what_can_be_done(at_work: Client, group: Group) -> None:
    waits = world.make_suitable(group, call_name="Wacht")
    world.make_group(municipality=waits.participant.municipality)
    invite = reverse("groups:invite", args=[waits.pk])
    full = _(
        "The group is full. As soon as somebody says goodbye you can invite the next one here."
    )
    page = page_of(at_work, group)
    assert invite in page
    assert full not in page
    for name, phase in (("Amir", "participating"), ("Sam", "leaving")):
        world.make_participating(group, since=SINCE, call_name=name, phase=phase)
    page = page_of(at_work, group)
    assert invite not in page
    assert full in page
    assert _("Saying goodbye: %(names)s.") % {"names": "Sam"} in page
    applicant = reverse("participants:applicant", args=[waits.pk])
    assert f'href="{applicant}"' in page
    there = at_work.get(applicant).content.decode()
    assert _("Another group fits better") in there, "what the page of the group promises"


def test_who_is_kept_out_of_stands_there_by_name_only(
    at_work: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Yara", phase="paused")
    waits = world.make_suitable(group, call_name="Wacht")
    for out in (stay, waits):
        recuse(trajectory=out, worker=worker, by=worker, said_by="worker")
    page = page_of(at_work, group)
    assert "Yara" in page
    assert reverse("home:file", args=[stay.pk]) not in page
    assert _("your colleague guides") in page
    assert f">{_('pause')}</span>" not in page
    assert "Wacht" not in page
