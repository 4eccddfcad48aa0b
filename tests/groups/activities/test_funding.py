"""Money worries without shame: told to the workers of the group alone, settled by them (R-098)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.audit.models import ReadEntry
from core.organisations.models import Group
from groups.activities.funding import ask, settle, take_back
from groups.activities.ideas import propose
from groups.models import Activity, FundingRequest, Placement
from participants.models import Recusal, Trajectory
from participants.recusal.recusal import recuse
from tests import world
from tests.world import broken, eyes, waiting

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)
WORDS = "Deze maand lukt het niet."


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
def fleur(group: Group) -> User:
    return world.make_worker(group)


@pytest.fixture
def lasers(group: Group, noor: Trajectory) -> Activity:
    return propose(group_id=group.pk, title="Lasergamen", by=noor.participant.user, trajectory=noor)


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


@pytest.mark.req("R-098")
def test_one_tap_tells_the_workers_and_nobody_else(
    group: Group, noor: Trajectory, fleur: User, lasers: Activity
) -> None:
    """Not the group, not the coordinator, not the manager; the to-do names no money."""
    young, page = eyes(noor.participant.user), url("too_expensive", lasers.pk)
    young.post(page, {"act": "ask", "words": WORDS})
    row = FundingRequest.objects.get()
    (todo,) = waiting(fleur, "funding")
    assert "Noor" in todo.title
    assert "kost" not in f"{todo.title} {todo.reason}".casefold()
    assert todo.url == url("funding", row.pk)
    assert WORDS in eyes(fleur).get(todo.url).content.decode()
    assert ReadEntry.objects.filter(user=fleur, record="funding", subject_ids=[noor.pk]).exists()
    others = [
        world.make_participating(group, since=SINCE).participant.user,
        world.make_coordinator(group.location.region),
        world.make_manager(group.location.organisation),
        world.make_worker(world.make_group()),
    ]
    for other in others:
        assert eyes(other).get(url("funding", row.pk)).status_code == 404
        assert WORDS not in eyes(other).get(url("idea", lasers.pk)).content.decode()
        assert not FundingRequest.objects.visible_to(other).exists()
    assert eyes(noor.participant.user).get(url("funding", row.pk)).status_code == 403
    assert WORDS in young.get(page).content.decode()


@pytest.mark.req_part("R-098")
def test_a_recused_worker_reads_nothing_of_it(
    noor: Trajectory, fleur: User, lasers: Activity, group: Group
) -> None:
    ask(trajectory=noor, activity=lasers, words=WORDS, by=noor.participant.user)
    recuse(trajectory=noor, worker=fleur, by=fleur, said_by=Recusal.Said.WORKER)
    assert not waiting(fleur, "funding")
    assert eyes(fleur).get(url("funding", FundingRequest.objects.get().pk)).status_code == 404
    assert "Noor" not in eyes(fleur).get(url("fundings", group.pk)).content.decode()


@pytest.mark.req("R-098")
def test_it_is_settled_with_what_came_of_it_and_registered(
    group: Group, noor: Trajectory, fleur: User, lasers: Activity
) -> None:
    row = ask(trajectory=noor, activity=lasers, words=WORDS, by=noor.participant.user)
    client, page = eyes(fleur), url("funding", row.pk)
    assert client.post(page, {"note": "?"}).status_code == 422
    assert client.post(page, {"outcome": "won", "note": ""}).status_code == 422
    sent = {"outcome": "paid", "amount_cents": "7,50", "note": "Uit het fonds."}
    assert client.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.amount_cents, row.settled_by) == ("paid", 750, fleur)
    assert not waiting(fleur, "funding")
    assert "€ 7,50" in client.get(url("fundings", group.pk)).content.decode()
    young = eyes(noor.participant.user).get(url("too_expensive", lasers.pk)).content.decode()
    assert "fonds" not in young, "a machine tells nobody what came of it"
    ask(trajectory=noor, activity=lasers, by=noor.participant.user)
    assert FundingRequest.objects.waiting().count() == 1


def test_twice_is_one_question_and_it_is_taken_back(
    noor: Trajectory, fleur: User, lasers: Activity
) -> None:
    me = noor.participant.user
    for words in ("", WORDS, WORDS, "Volgende maand wel."):
        ask(trajectory=noor, activity=lasers, words=words, by=me)
    row = FundingRequest.objects.get()
    assert row.words == f"{WORDS}\nVolgende maand wel."
    take_back(trajectory=noor, activity=lasers)
    take_back(trajectory=noor, activity=lasers)
    assert not waiting(fleur, "funding")
    with broken("taken_back"):
        settle(request=row, outcome="paid", by=fleur)
    ask(trajectory=noor, activity=lasers, by=me)
    assert FundingRequest.objects.count() == 2


def test_who_left_the_group_waits_on_nobody(
    noor: Trajectory, fleur: User, lasers: Activity
) -> None:
    ask(trajectory=noor, activity=lasers, by=noor.participant.user)
    Trajectory.objects.filter(pk=noor.pk).update(phase="withdrawn")
    assert not waiting(fleur, "funding")
    Placement.objects.filter(trajectory=noor).update(last_day=TODAY)
    with broken("not_your_group"):
        ask(trajectory=noor, activity=lasers, by=noor.participant.user)


def test_a_worker_who_was_told_writes_it_down(group: Group, noor: Trajectory, fleur: User) -> None:
    client = eyes(fleur)
    answer = client.post(url("fundings", group.pk), {"person": str(noor.pk), "words": WORDS})
    row = FundingRequest.objects.get()
    assert (answer["Location"], row.activity, row.asked_by) == (url("funding", row.pk), None, fleur)
    stranger = world.make_participating(world.make_group(), since=SINCE)
    for person in (str(stranger.pk), "", "x"):
        assert client.post(url("fundings", group.pk), {"person": person}).status_code == 422
    assert (
        client.post(
            url("fundings", group.pk), {"person": str(noor.pk), "words": "x" * 10_000}
        ).status_code
        == 422
    )
