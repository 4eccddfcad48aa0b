"""The pages of ideas and plans over HTTP: without JavaScript, for young people first (R-139)."""

import re
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
from groups.activities.tasks import add_task, organise
from groups.models import Activity, Meeting
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
    return eyes(noor.participant.user)


@pytest.fixture
def fleur(group: Group) -> User:
    return world.make_worker(group)


@pytest.fixture
def coming(group: Group) -> Meeting:
    return world.make_meeting(group, TODAY + timedelta(days=7))


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def idea_of(stay: Trajectory, title: str = "Bowlen") -> Activity:
    return propose(group_id=stay.group_id, title=title, by=stay.participant.user, trajectory=stay)


def read(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, page
    return str(answer.content.decode())


def buttons(page: str) -> set[str]:
    return set(re.findall(r'name="act" value="(\w+)"', page))


@pytest.mark.req("R-133", "R-134")
@pytest.mark.req_part("R-123", "R-002")
def test_from_an_idea_to_a_plan_on_the_own_phone(
    young: Client, noor: Trajectory, group: Group, coming: Meeting
) -> None:
    """Every step is a plain form: propose, choose when, find out, arrange; others read it."""
    assert url("ideas", group.pk) in read(young, url("calendar"))
    young.post(url("ideas", group.pk), {"title": "Bowlen"})
    one = Activity.objects.get()
    page = url("idea", one.pk)
    young.post(page, {"act": "like"})
    assert young.post(url("idea_when", one.pk), {"meeting": str(coming.pk)}).status_code == 302
    young.post(
        url("idea_questions", one.pk),
        {"title": "Bowlen", "cost_cents": "7,50", "transport": "Met de fiets"},
    )
    young.post(page, {"act": "organise"})
    young.post(page, {"act": "add_own_task", "task": "Ik regel de baan"})
    amir = world.make_participating(group, since=SINCE, call_name="Amir")
    seen = read(eyes(amir.participant.user), url("my_meeting", coming.pk))
    for fact in ("Bowlen", "Noor", "€ 7,50", "Met de fiets"):
        assert fact in seen
    assert "Ik regel de baan" in read(eyes(amir.participant.user), page)
    task = one.organisers.exclude(task="").get()
    young.post(page, {"act": "give_back_task", "task": str(task.pk)})
    young.post(page, {"act": "unplan"})
    coming.refresh_from_db()
    assert (coming.activity, Activity.objects.get().meeting) == ("", None)


@pytest.mark.req("R-139")
def test_a_worker_sees_the_page_of_the_young_people_and_stands_behind_them(
    young: Client, noor: Trajectory, group: Group, fleur: User, coming: Meeting
) -> None:
    """What young people do, a worker cannot do in their place; writing it down is folded away."""
    one = idea_of(noor)
    task = add_task(activity=one, task="De baan", trajectory=noor)
    theirs, workers = read(young, url("idea", one.pk)), read(eyes(fleur), url("idea", one.pk))
    assert {"like", "organise", "take_task"} <= buttons(theirs)
    assert not buttons(workers) & {"like", "organise", "take_task", "add_own_task"}
    for act in ("like", "organise", "take_task"):
        sent = {"act": act, "task": str(task.pk)}
        assert eyes(fleur).post(url("idea", one.pk), sent).status_code == 403
    listed = read(eyes(fleur), url("ideas", group.pk))
    content = listed[listed.index("<h1") :]
    assert content.index("Bowlen") < content.index('name="title"')
    assert re.search(r"<details(?! open)[^>]*>(?:(?!</details>).)*name=\"title\"", content, re.S)


@pytest.mark.req("R-136")
def test_no_answer_is_asked_of_anybody(young: Client, noor: Trajectory, coming: Meeting) -> None:
    """The page of the questions is saved empty, and an idea without answers is planned."""
    one = idea_of(noor)
    assert young.post(url("idea_questions", one.pk), {"title": "Bowlen"}).status_code == 302
    assert not re.search(
        r"<input[^>]*name=\"(?!title)\w+\"[^>]* required",
        read(young, url("idea_questions", one.pk)),
    )
    assert young.post(url("idea_when", one.pk), {"meeting": str(coming.pk)}).status_code == 302


def test_no_page_counts_or_ranks(young: Client, noor: Trajectory, group: Group) -> None:
    one = idea_of(noor)
    for n in range(7):
        stay = world.make_participating(group, since=SINCE, call_name=f"Naam{'abcdefg'[n]}")
        eyes(stay.participant.user).post(url("idea", one.pk), {"act": "like"})
    page = read(young, url("ideas", group.pk))
    main = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])
    assert "Naamc" in main
    assert not re.search(r"\b7\b", main)


@pytest.mark.parametrize("name", ["idea", "idea_questions", "idea_when", "too_expensive"])
def test_another_groups_idea_is_not_found(young: Client, fleur: User, name: str) -> None:
    other = world.make_participating(world.make_group(), since=SINCE)
    theirs = idea_of(other)
    clients = (young,) if name == "too_expensive" else (young, eyes(fleur))
    for client in clients:
        assert client.get(url(name, theirs.pk)).status_code == 404
        assert client.post(url(name, theirs.pk), {"act": "like"}).status_code == 404


def test_who_waits_for_a_yes_finds_nothing(
    young: Client, noor: Trajectory, group: Group, coming: Meeting
) -> None:
    one = idea_of(noor)
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="parent_not_answered")
    for page in (
        url("ideas", group.pk),
        url("idea", one.pk),
        url("idea_when", one.pk),
        url("too_expensive", one.pk),
        url("my_meeting", coming.pk),
    ):
        assert young.get(page).status_code == 404
    assert url("ideas", group.pk) not in read(young, url("calendar"))


@pytest.mark.parametrize("title", ["", "x" * 121, "a\x00b", "x" * 10_000, "\ud800"])
def test_a_bad_title_is_said_at_the_field(young: Client, group: Group, title: str) -> None:
    try:
        answer = young.post(url("ideas", group.pk), {"title": title})
    except UnicodeEncodeError:
        return
    assert answer.status_code == 422
    assert not Activity.objects.exists()


def test_emoji_and_right_to_left_stand_as_they_were_typed(young: Client, group: Group) -> None:
    for title in ("Bowlen 🎳", "מִשְׂחָק", "<b>Koken</b>"):
        young.post(url("ideas", group.pk), {"title": title})
    page = read(young, url("ideas", group.pk))
    for shown in ("Bowlen 🎳", "מִשְׂחָק", "&lt;b&gt;Koken"):
        assert shown in page


def test_a_bad_amount_or_act_leaves_everything_as_it_was(young: Client, noor: Trajectory) -> None:
    one = idea_of(noor)
    for fields in ({"cost_cents": "duur"}, {"cost_cents": "9" * 40}, {"people": "x" * 300}):
        sent = {"title": "Bowlen", **fields}
        assert young.post(url("idea_questions", one.pk), sent).status_code == 422
    for bad in ({"act": "win"}, {"act": "take_task"}, {"act": "take_task", "task": "1"}, {}):
        assert young.post(url("idea", one.pk), bad).status_code == 400
    one.refresh_from_db()
    assert (one.cost_cents, one.people, one.version) == (None, "", 0)


def test_somebody_planned_something_meanwhile(
    young: Client, noor: Trajectory, group: Group, coming: Meeting
) -> None:
    """The page was open when another took the meeting: it says so, and nothing is written over."""
    amir = world.make_participating(group, since=SINCE, call_name="Amir")
    mine, theirs = idea_of(noor), idea_of(amir, "Film")
    assert str(coming.pk) in read(young, url("idea_when", mine.pk))
    plan_activity(activity=theirs, meeting=coming, by=amir.participant.user, trajectory=amir)
    answer = young.post(url("idea_when", mine.pk), {"meeting": str(coming.pk)})
    assert answer.status_code == 422
    assert "Film" in answer.content.decode()
    coming.refresh_from_db()
    assert coming.activity == "Film"


@pytest.mark.req_part("R-132", "R-097")
def test_the_agenda_says_what_it_costs_and_who_arranges_it_at_one_price(
    young: Client, noor: Trajectory, group: Group, django_assert_max_num_queries: Any
) -> None:
    def planned(n: int) -> None:
        meeting = world.make_meeting(group, TODAY + timedelta(days=n))
        one = idea_of(noor, f"Bowlen {n}")
        plan_activity(activity=one, meeting=meeting, by=noor.participant.user, trajectory=noor)
        answer_questions(
            activity=one,
            by=noor.participant.user,
            trajectory=noor,
            title=one.title,
            cost_cents=500,
        )
        organise(activity=one, trajectory=noor)

    planned(1)
    page = read(young, url("calendar"))
    for fact in ("€ 5", "Noor", "De Kegel"):
        assert fact in page
    with django_assert_max_num_queries(40) as one:
        read(young, url("calendar"))
        before = len(one)
    for n in range(2, 8):
        planned(n)
    with django_assert_max_num_queries(before) as _same:
        read(young, url("calendar"))


def test_the_list_of_ideas_costs_the_same_however_long(
    young: Client, noor: Trajectory, group: Group, django_assert_max_num_queries: Any
) -> None:
    idea_of(noor, "Eerste")
    read(young, url("ideas", group.pk))
    with django_assert_max_num_queries(60) as few:
        read(young, url("ideas", group.pk))
        before = len(few)
    for n in range(8):
        stay = world.make_participating(group, since=SINCE)
        one = idea_of(stay, f"Idee {n}")
        organise(activity=one, trajectory=stay)
        eyes(stay.participant.user).post(url("idea", one.pk), {"act": "like"})
    with django_assert_max_num_queries(before) as _same:
        read(young, url("ideas", group.pk))
