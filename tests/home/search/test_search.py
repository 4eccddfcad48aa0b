"""Somebody found by a part of the name, within reach and not beyond (R-373)."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.audit.models import ReadEntry
from core.audit.who_looked import WORDS
from core.organisations.models import Group
from joinus.home.search.finding import LONGEST, find
from participants.models import Recusal, Trajectory
from tests import world

pytestmark = pytest.mark.django_db
SEARCH = "/zoeken/"
#: Session, user, roles; groups within reach, running stays by name, their lines. Fewer than nine
#: of them: those that stopped as well, first who is called so from the start on.
WHILE_TYPING_COSTS = {5: 8, 12: 6, 15: 6}
WHILE_TYPING = {"HX-Request": "true"}


@pytest.fixture
def group() -> Group:
    organisation = world.make_organisation("Welzijn Oost")
    region = world.make_region("Regio Oost")
    return world.make_group(name="Groep 12–16", organisation=organisation, region=region)


@pytest.fixture
def worker(group: Group) -> User:
    return world.make_worker(group, "Fleur Jansen")


def stay_in(group: Group | None, name: str, phase: str = "participating", **facts: Any) -> Any:
    if phase == "former":
        facts |= {"exited_on": clock.today(), "exit_kind": "goal"}
    if phase in Trajectory.Phase.OVER:
        facts |= {"ended_on": clock.today()}
    return world.make_trajectory(group=group, phase=phase, call_name=name, age=15, **facts)


def recuse(worker: User, stay: Trajectory) -> None:
    Recusal.objects.create(
        participant=stay.participant, worker=worker, said_by="worker", at=clock.now()
    )


def names(user: User, text: str) -> list[str]:
    return [hit.name for hit in find(user, text).people]


def typing(client: Client, text: str) -> str:
    answer = client.post(SEARCH, {"q": text}, headers=WHILE_TYPING)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("R-373")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("noo", ["Noor", "Noortje", "Eleonoor"]),
        ("OO", ["Eleonoor", "Noor", "Noortje"]),
        ("zoe", ["Zoë"]),
        ("sade", ["Şade"]),
        ("ŞADE", ["Şade"]),
        ("anne marie", ["Anne-Marie"]),
        ("xq", []),
        ("%%", []),
        ("__", []),
        ("o\\", []),
        ("o'o", ["Eleonoor", "Noor", "Noortje"]),
        ("no\x00", ["Noor", "Noortje", "Eleonoor"]),
        ("\x00\x00", []),
        ("🦊🦊", []),
        ("\ud800\ud800", []),
    ],
)
def test_a_part_of_the_name_is_enough(
    group: Group, worker: User, typed: str, found: list[str]
) -> None:
    for name in ("Eleonoor", "Noortje", "Noor", "Zoë", "Şade", "Anne-Marie"):
        stay_in(group, name)
    assert names(worker, typed) == found


@pytest.mark.req("R-373")
def test_a_worker_finds_the_own_groups_running_first_and_opens_the_file(
    at_work: Client, group: Group, worker: User
) -> None:
    gone = stay_in(group, "Noor", "former")
    waits = stay_in(group, "Noorani", "signed_up", waiting_since=clock.today())
    here = stay_in(group, "Eleonoor")
    stay_in(world.make_group(region=group.location.region), "Noor Elders")

    found = find(worker, "noor").people

    assert [hit.name for hit in found] == ["Noorani", "Eleonoor", "Noor"]
    assert [hit.url for hit in found] == [
        reverse("participants:applicant", args=[waits.pk]),
        reverse("home:file", args=[here.pk]),
        reverse("home:file", args=[gone.pk]),
    ]
    assert [str(hit.word) for hit in found] == ["wachtlijst", "", "afgerond"]
    assert found[1].about == "15 jaar · Groep 12–16, Welzijn Oost"
    assert all(at_work.get(hit.url).status_code == 200 for hit in found)


@pytest.mark.req("R-373")
def test_who_stays_out_of_a_stay_does_not_find_it(group: Group, worker: User) -> None:
    stay = stay_in(group, "Noor")
    coordinator = world.make_coordinator(group.location.region)
    assert names(worker, "noor") == names(coordinator, "noor") == ["Noor"]
    recuse(worker, stay)
    recuse(coordinator, stay)
    assert names(worker, "noor") == names(coordinator, "noor") == []


@pytest.mark.req("R-373")
def test_a_coordinator_finds_the_people_of_the_region_and_every_hit_opens(
    client: Client, group: Group, worker: User
) -> None:
    region = group.location.region
    coordinator = world.make_coordinator(region)
    stay_in(group, "Noor")
    stay_in(group, "Noorbert", "former")
    stay_in(None, "Noortje", "signed_up", region=region)
    stay_in(world.make_group(), "Noor Elders")
    stay_in(None, "Noor Ergens", "signed_up", region=world.make_region())

    hits = find(coordinator, "noor")

    assert [hit.name for hit in hits.people] == ["Noor", "Noortje", "Noorbert"]
    assert hits.scope == "Zoekt in Regio Oost"
    client.force_login(coordinator)
    assert [client.get(hit.url).status_code for hit in hits.people] == [200, 200, 200]


@pytest.mark.req("R-373")
def test_managers_and_the_foundation_find_groups_and_organisations_and_never_a_person(
    client: Client, group: Group
) -> None:
    stay_in(group, "Oostra")
    for user in (
        world.make_manager(group.location.organisation),
        world.make_national(Role.FOUNDATION),
        world.make_national(Role.QUALITY_COORDINATOR),
    ):
        hits = find(user, "oost")
        assert hits.people == []
        assert [hit.name for hit in hits.organisations] == ["Welzijn Oost"]
        assert [hit.name for hit in find(user, "groep 12").groups] == ["Groep 12–16"]
        client.force_login(user)
        assert client.get(hits.organisations[0].url).status_code == 200


@pytest.mark.req("R-373")
def test_groups_name_their_workers_and_organisations_count_their_groups(
    group: Group, worker: User
) -> None:
    world.make_worker(group, "Sam de Boer")
    hits = find(worker, "oost")
    assert [(hit.name, hit.about) for hit in hits.organisations] == [("Welzijn Oost", "1 groep")]
    assert hits.organisations[0].url == "/groepen/?q=Welzijn+Oost"
    (found,) = find(worker, "groep").groups
    assert found.about.endswith("Fleur en Sam begeleiden")
    assert found.url == reverse("groups:group", args=[group.pk])


@pytest.mark.req("R-373")
def test_two_roles_do_not_lend_each_other_their_reach(group: Group) -> None:
    """A coordinator here who manages an organisation elsewhere finds nobody there."""
    elsewhere = world.make_group()
    user = world.make_coordinator(group.location.region)
    world.give_role(user, Role.ORGANISATION_MANAGER, organisation=elsewhere.location.organisation)
    stay_in(group, "Noor")
    stay_in(elsewhere, "Noor Elders")
    assert names(user, "noor") == ["Noor"]
    world.give_role(user, Role.FOUNDATION)
    assert names(user, "noor") == ["Noor"]
    assert find(user, "noor").people[0].about == "15 jaar · Groep 12–16, Welzijn Oost"


@pytest.mark.req("R-373")
def test_a_miss_and_somebody_elsewhere_look_the_same_and_cost_the_same(
    at_work: Client, group: Group, worker: User
) -> None:
    elsewhere = world.make_group()
    hidden = stay_in(elsewhere, "Xanthippe")
    kept_from = stay_in(group, "Xanthippe")
    recuse(worker, kept_from)

    def answer() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as asked:
            page = typing(at_work, "xanthippe")
        return page, len(asked)

    there = answer()
    for stay in (hidden, kept_from):
        stay.participant.call_name = "Iemand"
        stay.participant.save()
    elsewhere.name = "Xanthippe"
    elsewhere.save()
    assert answer() == there
    assert "Niets gevonden" in there[0]


@pytest.mark.req("R-373")
@pytest.mark.parametrize("people", list(WHILE_TYPING_COSTS))
def test_a_search_costs_the_same_however_many_there_are(
    at_work: Client,
    group: Group,
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(people):
        stay_in(group, f"Noor {n}")
    typing(at_work, "noor")
    with django_assert_num_queries(WHILE_TYPING_COSTS[people]):
        typing(at_work, "noor")


@pytest.mark.req("R-373")
def test_while_typing_eight_are_shown_and_the_page_has_them_all_in_pages(
    at_work: Client, group: Group, worker: User
) -> None:
    for n in range(60):
        stay_in(group, f"Noor {n:02}")
    glance = typing(at_work, "noor")
    assert glance.count('class="hit"') == 8
    assert "Alles laten zien" in glance
    first = at_work.post(SEARCH, {"q": "noor"}, follow=True)
    assert first.content.decode().count("<mark>Noor</mark>") == 50
    last = at_work.get(first.redirect_chain[-1][0] + "&page=2")
    assert last.content.decode().count("<mark>Noor</mark>") == 10


@pytest.mark.req("R-373")
def test_groups_and_organisations_of_the_country_come_in_pages_too(client: Client) -> None:
    employer = world.make_organisation("Buurtwerk Zuid")
    for n in range(30):
        world.make_group(name=f"Zuid {n:02}", organisation=employer)
    for n in range(30):
        world.make_organisation(f"Zuider {n:02}")
    client.force_login(world.make_national(Role.FOUNDATION))
    glance = typing(client, "zuid")
    assert glance.count('class="hit"') == 10
    first = client.post(SEARCH, {"q": "zuid"}, follow=True)
    second = client.get(first.redirect_chain[-1][0] + "&page=2").content.decode()
    assert first.content.decode().count('class="hit"') == 50
    assert second.count('class="hit"') == 11
    assert "30 groepen" in second
    assert not ReadEntry.objects.exists()


def test_the_empty_shell_of_a_professional_costs_three_statements(
    at_work: Client, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, user, roles."""
    with django_assert_num_queries(3):
        at_work.get(SEARCH)


@pytest.mark.req("R-373")
def test_a_name_never_stands_in_an_address_and_another_person_cannot_read_it(
    at_work: Client, client: Client, group: Group, worker: User
) -> None:
    stay_in(group, "Noor")
    sent = at_work.post(SEARCH, {"q": "noor"})
    assert sent.status_code == 302
    assert "noor" not in unquote(sent["Location"]).lower()
    page = at_work.get(sent["Location"])
    assert "<mark>Noor</mark>" in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert "noor" not in at_work.get(f"{SEARCH}?q=noor").content.decode().lower()

    colleague = Client()
    colleague.force_login(world.make_worker(group, "Sam de Boer"))
    assert "Noor" not in colleague.get(sent["Location"]).content.decode()


@pytest.mark.req("R-373")
@pytest.mark.parametrize("z", ["", "x", "%00", "AAAA", "é", "A" * 3000, "_" * 44])
def test_a_torn_or_forged_address_is_an_empty_page(at_work: Client, group: Group, z: str) -> None:
    page = at_work.get(SEARCH, {"z": z})
    assert page.status_code == 200
    assert "Niets gevonden" not in page.content.decode()


@pytest.mark.req("R-373")
def test_one_letter_is_not_looked_for_and_a_million_are_refused(
    at_work: Client, group: Group, worker: User, django_assert_max_num_queries: Any
) -> None:
    stay_in(group, "Noor")
    assert "minstens twee letters" in typing(at_work, "n")
    assert typing(at_work, "").strip() == ""
    assert typing(at_work, " \x00 ").strip() == ""
    long = at_work.post(SEARCH, {"q": "n" * 1_000_000}, headers=WHILE_TYPING)
    assert long.status_code in (400, 413)
    assert len(find(worker, "n" * 100_000).text) == LONGEST


@pytest.mark.req("R-373")
def test_what_was_typed_is_shown_as_text(at_work: Client, group: Group) -> None:
    assert "&lt;script&gt;" in typing(at_work, "<script>alert(1)</script>")


@pytest.mark.req("R-373", "R-020")
def test_a_page_of_hits_is_written_down_as_a_list_and_a_file_as_any_file(
    at_work: Client, group: Group, worker: User
) -> None:
    stay = stay_in(group, "Noor")
    typing(at_work, "noor")
    assert not ReadEntry.objects.exists()
    at_work.post(SEARCH, {"q": "noor"}, follow=True)
    assert [(e.record, e.subject_ids) for e in ReadEntry.objects.all()] == [("search", [stay.pk])]
    at_work.get(find(worker, "noor").people[0].url)
    assert ReadEntry.objects.filter(record="file", subject_ids=[stay.pk]).count() == 1
    assert "search" in WORDS


@pytest.mark.req("R-373")
def test_nothing_that_was_typed_is_logged(
    at_work: Client, group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", logger="django_structlog"):
        at_work.post(SEARCH, {"q": "Xanthippe"}, follow=True)
    assert "xanthippe" not in caplog.text.lower()


@pytest.mark.req("R-373")
def test_the_field_stands_on_the_pages_of_who_can_search_and_on_no_others(
    client: Client, group: Group, worker: User
) -> None:
    own = stay_in(group, "Noor").participant.user
    for user, shown in (
        (worker, True),
        (world.make_manager(group.location.organisation), True),
        (world.make_national(Role.RESEARCHER), False),
        (world.make_staff(), False),
        (own, False),
    ):
        client.force_login(user)
        page = client.get(reverse("home:today")).content.decode()
        assert ('action="/zoeken/"' in page) is shown
        assert client.get(SEARCH).status_code == (200 if shown else 404 if user == own else 403)


@pytest.mark.req("R-373")
def test_who_is_found_is_who_may_be_opened(group: Group, worker: User) -> None:
    """The statements of the search and the sets that guard the pages agree, in every phase."""
    region = group.location.region
    second = world.make_group(region=region, organisation=group.location.organisation)
    third = world.make_group(region=region)
    colleague = world.make_worker(second)
    stays = []
    for place in (group, second, third, world.make_group(), None):
        for phase in Trajectory.Phase:
            name = f"Noor {len(stays)}"
            if place is not None or phase in Trajectory.Phase.ARRIVING:
                facts: dict[str, Any] = {"region": region} if place is None else {}
                stays.append(stay_in(place, name, phase, **facts))
    recuse(worker, stays[2])
    recuse(colleague, stays[9])  # signed up for `second`, and nobody else leads it
    coordinator = world.make_coordinator(region)
    both = world.make_coordinator(region)
    world.give_role(both, Role.YOUTH_WORKER, group=third)
    for user in (worker, colleague, coordinator, both, world.make_worker(world.make_group())):
        everybody = Trajectory.objects
        may_open = set(everybody.visible_to(user)) | set(everybody.applicants_visible_to(user))
        followed = everybody.journey_visible_to(user)
        may_open |= set(followed.exclude(phase__in=Trajectory.Phase.ARRIVING))
        found = find(user, "noor", (99, 9, 9))
        assert len(found.stays) == len(set(found.stays))
        assert set(found.stays) == {stay.pk for stay in may_open}
        first_over = [bool(Trajectory.objects.get(pk=s).ended_on) for s in found.stays]
        assert first_over == sorted(first_over)
    assert stays[9].pk in find(coordinator, "noor", (99, 9, 9)).stays


@pytest.mark.req("R-373")
def test_a_role_that_ended_finds_nobody(group: Group, worker: User) -> None:
    stay_in(group, "Noor")
    assert names(worker, "noor") == ["Noor"]
    worker.role_assignments.update(valid_until=clock.today() - timedelta(days=1))
    assert find(User.objects.get(pk=worker.pk), "noor").count == 0


@pytest.mark.django_db
def test_nobody_lists_a_region_by_typing_two_letters_at_a_time(settings: Any) -> None:
    """Typing is not written down, so it is counted; a hand does not come near it."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "search": "3/m/user"}
    cache.clear()
    group = world.make_group()
    client, other = Client(), Client()
    for one, name in ((client, "Fleur Jansen"), (other, "Daan Smit")):
        one.force_login(world.make_worker(group, name))
    typed = [
        client.post("/zoeken/", {"q": "no"}, headers={"HX-Request": "true"}).status_code
        for _n in range(4)
    ]
    assert typed == [200, 200, 200, 429]
    assert other.post("/zoeken/", {"q": "no"}, headers={"HX-Request": "true"}).status_code == 200
    assert client.get("/zoeken/").status_code == 200
