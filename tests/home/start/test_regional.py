"""The start page of who looks after groups: order, filter, pages, figures, and what it costs."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.messaging.contacts import create_contact
from core.organisations.models import Group, Region
from joinus.home.attention.facts import count_groups
from joinus.home.start.regional import start_page
from participants.care.worry import ask_to_think_along, begin_worry
from tests import world

pytestmark = pytest.mark.django_db


def many(count: int, region: Region, name: str = "Proef") -> list[Group]:
    """Groups with two workers each who never met: they begin."""
    location = world.make_group(region=region).location
    Group.objects.filter(location=location).delete()
    groups = Group.objects.bulk_create(
        Group(
            location=location,
            name=f"{name} {n:03}",
            age_from=12,
            age_until=16,
            starts_at=time(19),
            state="open",
        )
        for n in range(count)
    )
    for _two in range(2):
        worker = world.make_staff("Fleur Jansen")
        worker.role_assignments.bulk_create(
            worker.role_assignments.model(
                user=worker,
                role=Role.YOUTH_WORKER,
                group=group,
                valid_from=clock.today() - timedelta(days=9),
            )
            for group in groups
        )
    return groups


def names(user: User, **asked: str) -> list[str]:
    user = User.objects.get(pk=user.pk)
    return [row.facts.name for row in start_page(user, asked)["rows"]]


def without_workers(group: Group, left: int = 0) -> None:
    keep = list(group.role_assignments.values_list("pk", flat=True)[:left])
    group.role_assignments.exclude(pk__in=keep).delete()


def waits(group: Group, days: int) -> None:
    since = clock.today() - timedelta(days=days)
    world.make_trajectory(group=group, phase="intake", waiting_since=since)


@pytest.fixture
def region() -> Region:
    return world.make_region()


@pytest.fixture
def coordinator(region: Region) -> User:
    return world.make_coordinator(region)


@pytest.mark.req_part("R-374")
def test_red_stands_first_then_who_waits_longest_then_the_name(
    region: Region, coordinator: User
) -> None:
    groups = many(8, region)
    calm, shorter, longer, alone, nobody, few, _other, longest = groups
    waits(calm, 3)
    waits(shorter, 20)
    waits(longer, 40)
    waits(longest, 80)
    without_workers(alone, 1)
    without_workers(nobody)
    world.seat(world.make_trajectory(group=few), first_day=clock.today())
    assert names(coordinator) == [
        *(group.name for group in (nobody, alone, longest, longer, shorter, few)),
        calm.name,
        groups[6].name,
    ]


def test_a_group_that_begins_is_a_quiet_line_and_asks_nothing(
    client: Client, region: Region, coordinator: User
) -> None:
    many(6, region)
    client.force_login(coordinator)
    page = client.get("/vandaag/").content.decode()
    assert "6 groepen, 0 vragen jouw aandacht" in page
    assert page.count("Nog geen deelnemers") == 6


@pytest.mark.req_part("R-374")
def test_the_list_is_filtered_and_cut_in_pages(
    client: Client, region: Region, coordinator: User
) -> None:
    groups = many(120, region)
    Group.objects.filter(pk=groups[7].pk).update(name="Één_Café % 12–16")
    without_workers(groups[119])
    waits(groups[118], 30)
    client.force_login(coordinator)
    assert len(names(coordinator)) == 50
    assert len(names(coordinator, page="3")) == len(names(coordinator, page="99")) == 20
    assert len(names(coordinator, page="x")) == 50
    assert names(coordinator, show="asks") == ["Proef 119", "Proef 118"]
    assert names(coordinator, show="workers") == ["Proef 119"]
    assert names(coordinator, show="waiting_list") == ["Proef 118"]
    assert len(names(coordinator, show="nonsense")) == 50
    for typed in ("een_cafe", "ÉÉN_CAFÉ %", "  %  ", "n_ca"):
        assert names(coordinator, q=typed) == ["Één_Café % 12–16"], typed
    assert names(coordinator, q="'; drop table") == []
    assert names(coordinator, q="\x00" + "x" * 100_000) == []
    page = client.get("/vandaag/", {"q": "Proef 0", "page": "2"}).content.decode()
    assert 'value="Proef 0"' in page
    assert "?q=Proef+0&amp;page=1" in page
    nothing = client.get("/vandaag/", {"q": "bestaat niet"}).content.decode()
    assert "Geen groep past hierbij" in nothing
    assert "120 groepen" in nothing


@pytest.mark.req_part("R-374")
@pytest.mark.parametrize("count", [3, 40, 300])
def test_it_costs_two_statements_beside_what_waits(
    count: int, region: Region, coordinator: User, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    """The roles, the groups in figures, and the names of their workers."""
    for group in many(count, region)[:20]:
        waits(group, 20)
    monkeypatch.setattr("joinus.home.start.regional.todos_for", lambda *_asked: [])
    user = User.objects.get(pk=coordinator.pk)
    with django_assert_num_queries(3):
        assert len(start_page(user, {})["rows"]) == min(count, 50)


def test_the_whole_page_costs_the_same_for_three_and_forty_groups(client: Client) -> None:
    cost = []
    for count in (3, 40):
        region = world.make_region()
        many(count, region)
        client.force_login(world.make_coordinator(region))
        client.get("/vandaag/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/vandaag/")
        cost.append(len(queries))
    assert cost[0] == cost[1]


def test_she_is_told_whom_to_call_and_opens_the_group_by_its_name(
    client: Client, region: Region, coordinator: User
) -> None:
    group = many(1, region)[0]
    organisation = group.location.organisation
    organisation.phone = "030 123 45 67"
    organisation.save()
    own = world.make_worker(group, "Ans Bakker")
    own.contact = create_contact(name="Ans Bakker", email="a@example.org", phone="+31 6 12345678")
    own.save()
    client.force_login(coordinator)
    page = client.get("/vandaag/").content.decode()
    assert f'<a href="/groepen/{group.pk}/">{group.name}</a>' in page
    assert "Ans Bakker" in page
    assert '<a href="tel:+31612345678">06 12345678</a>' in page
    assert '<a href="tel:+31301234567">030 123 4567</a>' in page


def test_who_is_asked_to_think_along_finds_the_number_to_call(client: Client) -> None:
    group = world.make_group()
    organisation = group.location.organisation
    organisation.phone = "030 123 45 67"
    organisation.save()
    worker = world.make_worker(group)
    coordinator = world.make_coordinator(group.location.region)
    begun = begin_worry(trajectory=world.make_trajectory(group=group), by=worker)
    ask_to_think_along(worry=begun, broad="Iemand is stil.", by=worker)
    client.force_login(coordinator)
    page = client.get(f"/meedenken/{begun.pk}/").content.decode()
    assert worker.name in page
    assert '<a href="tel:+31301234567">030 123 4567</a>' in page


@pytest.mark.req("R-006")
def test_a_manager_reads_figures_of_the_own_groups_without_an_empty_column(client: Client) -> None:
    group, other = world.make_group(name="Groep A"), world.make_group(name="Groep B")
    manager = world.make_manager(group.location.organisation)
    stay = world.make_trajectory(group=group, call_name="Noor", phase="intake")
    stay.waiting_since = clock.today() - timedelta(days=30)
    stay.save()
    client.force_login(manager)
    page = client.get("/vandaag/").content.decode()
    assert "Groep A" in page
    assert other.name not in page
    assert "Noor" not in page
    assert "Waarom nu" not in page
    assert "Gezien" not in page
    assert f"/groepen/{group.pk}/" not in page
    assert "sinds " not in page, "the day is that of one young person"


def test_the_foundation_reads_three_hundred_groups_in_pages_and_by_region(client: Client) -> None:
    here, there = world.make_region(), world.make_region()
    groups = many(250, here)
    many(50, there, "Elders")
    without_workers(groups[249])
    user = world.make_national(Role.FOUNDATION)
    count_groups()
    shown = names(user)
    assert shown[0] == "Proef 249"
    assert len(shown) == 50
    assert len(names(user, page="6")) == 50
    assert set(names(user, region=str(there.pk))) == {f"Elders {n:03}" for n in range(50)}
    assert len(names(user, region="nonsense")) == 50
    organisation = str(groups[0].location.organisation_id)
    assert names(user, organisation=organisation, page="5")[-1] == "Proef 248"
    client.force_login(user)
    client.get("/vandaag/")
    page = client.get("/vandaag/")
    assert "300 groepen" in page.content.decode()
    assert len(page.content) < 60_000
    with CaptureQueriesContext(connection) as queries:
        start_page(User.objects.get(pk=user.pk), {})
    assert len([q for q in queries if "home_groupfigures" in q["sql"]]) == 1


def test_before_anything_was_counted_the_foundation_reads_that(client: Client) -> None:
    group = world.make_group()
    client.force_login(world.make_national(Role.FOUNDATION))
    page = client.get("/vandaag/").content.decode()
    assert group.name in page
    assert "binnen een uur" in page


def test_a_researcher_reads_an_honest_sentence(client: Client) -> None:
    world.make_group()
    client.force_login(world.make_national(Role.RESEARCHER))
    page = client.get("/vandaag/").content.decode()
    assert "Voor jouw rol zijn er" in page
    assert "licentie" not in page


def test_the_two_worst_signs_stand_open_and_the_others_are_folded(
    region: Region, coordinator: User
) -> None:
    (group,) = many(1, region)
    without_workers(group)
    waits(group, 40)
    began = clock.today() - timedelta(days=120)
    one = world.make_participating(group, since=began)
    for days in (42, 28):
        world.attend(one, world.make_meeting(group, clock.today() - timedelta(days=days)))
    (row,) = start_page(User.objects.get(pk=coordinator.pk), {})["rows"]
    assert [reason.tone for reason in row.worst] == ["needs", "waits"]
    assert len(row.more) >= 2
    page = world.eyes(coordinator).get("/vandaag/").content.decode()
    fold = page.index(f"Nog {len(row.more)} signalen")
    for reason in row.worst:
        assert page.index(reason.text) < fold < page.index(row.more[0].text)


def test_ten_groups_stand_open_and_the_others_of_the_page_are_folded(
    region: Region, coordinator: User
) -> None:
    """Forty groups in need are twenty thousand pixels on a phone."""
    groups = many(60, region)
    for days, group in enumerate(groups[:14], 20):
        waits(group, days)
    eyes = world.eyes(coordinator)
    page = eyes.get("/vandaag/").content.decode()
    fold = page.index("Nog 40 groepen op deze pagina")
    worst = [f"Proef {n:03}" for n in range(13, 3, -1)]
    assert all(page.index(f">{name}</a>") < fold for name in worst)
    assert page.index(">Proef 003</a>") > fold
    assert "op deze pagina" not in eyes.get("/vandaag/", {"page": "2"}).content.decode()
    twelve = eyes.get("/vandaag/", {"q": "Proef 01"}).content.decode()
    assert "op deze pagina" not in twelve


def test_who_presses_seen_among_the_folded_finds_them_open_again(
    region: Region, coordinator: User
) -> None:
    groups = many(20, region)
    for group in groups:
        waits(group, 30)
    eyes = world.eyes(coordinator)
    page = eyes.get("/vandaag/", {"show": "asks"}).content.decode()
    open_, folded = re.findall(r'name="back" value="([^"]*)"', page)
    assert (open_, folded) == ("show=asks", "unfolded=1&amp;show=asks")
    facts = start_page(User.objects.get(pk=coordinator.pk), {})["folded"][0]
    press = {"mark": facts.reasons[0].mark, "back": "unfolded=1&show=asks&else=1"}
    answer = eyes.post(facts.reasons[0].see, press)
    assert answer.headers["Location"] == "/vandaag/?show=asks&unfolded=1"
    again = eyes.get(answer.headers["Location"]).content.decode()
    assert re.search(r"<details[^>]* open *><summary><span>Nog 9 groepen", again)
