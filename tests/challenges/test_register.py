"""Challenges: chosen in the own words, written down by whom it concerns, ended once."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from challenges.models import Challenge
from challenges.register.choosing import MOST_GOING, choose_challenge
from challenges.register.ending import ALLOWED, lay_aside, reach_challenge
from core import clock
from core.encryption import CannotOpen
from core.errors import NotYours, RuleBroken
from core.organisations.models import Group
from participants.models import Recusal, Trajectory
from participants.recusal import recusal
from tests import world

TODAY = date(2026, 3, 13)
WORDS = "Ik vraag iemand of we samen lunchen"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_trajectory(group=group, call_name="Noor", age=15)


@pytest.fixture
def noor(stay: Trajectory) -> Any:
    return stay.participant.user


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


def now_at(stay: Trajectory, phase: str) -> None:
    ended = {"exited_on": TODAY, "ended_on": TODAY, "exit_kind": "other"}
    facts = ended if phase == "former" else {}
    Trajectory.objects.filter(pk=stay.pk).update(phase=phase, **facts)


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda broken: broken.code == code)


def test_the_young_person_chooses_in_the_own_words(stay: Trajectory, noor: Any) -> None:
    row = choose_challenge(trajectory=stay, text="  Ik vraag   iemand\nmee ", by=noor)
    row = Challenge.objects.get(pk=row.pk)
    assert (row.text, row.chosen_on) == ("Ik vraag iemand mee", TODAY)
    assert (row.state, row.noted_by, row.is_own_note) == ("going", noor, True)


@pytest.mark.req("R-159", "R-160")
def test_a_worker_makes_no_challenge_only_the_young_person_does(
    stay: Trajectory, worker: Any
) -> None:
    with pytest.raises(NotYours):
        choose_challenge(trajectory=stay, text=WORDS, by=worker)
    assert not Challenge.objects.exists()


def test_nobody_else_chooses_or_ends(group: Group, stay: Trajectory, noor: Any) -> None:
    row = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    out = world.make_worker(group, "Nadia Smit")
    recusal.recuse(trajectory=stay, worker=out, by=out, said_by=Recusal.Said.WORKER)
    strangers = {
        "recused": out,
        "elsewhere": world.make_worker(world.make_group(organisation=group.location.organisation)),
        "coordinator": world.make_coordinator(group.location.region),
        "manager": world.make_manager(group.location.organisation),
        "another young person": world.make_trajectory(group=group).participant.user,
    }
    for who, user in strangers.items():
        with pytest.raises(NotYours):
            choose_challenge(trajectory=stay, text="Anders", by=user)
        for act in (reach_challenge, lay_aside):
            with pytest.raises(NotYours):
                act(challenge=row, by=user)
        assert Challenge.objects.get().state == "going", who


def test_two_ways_to_end_and_no_way_back(stay: Trajectory, noor: Any, worker: Any) -> None:
    first = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    second = choose_challenge(trajectory=stay, text="Ik bel een vriend", by=noor)
    with clock.travel(TODAY + timedelta(days=9)):
        reach_challenge(challenge=first, by=worker)
        lay_aside(challenge=second, by=noor)
    first.refresh_from_db()
    assert (first.state, first.ended_on, first.ended_by) == (
        "reached",
        TODAY + timedelta(days=9),
        worker,
    )
    for row, other in ((first, lay_aside), (second, reach_challenge)):
        with refused("already_ended"):
            other(challenge=row, by=noor)
    assert reach_challenge(challenge=first, by=noor).ended_by == worker, "the same tap is no error"
    assert set(ALLOWED) == set(Challenge.State.values)


def test_what_was_laid_aside_can_be_chosen_anew(stay: Trajectory, noor: Any) -> None:
    old = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    lay_aside(challenge=old, by=noor)
    assert choose_challenge(trajectory=stay, text=WORDS, by=noor) != old


def test_the_same_words_twice_are_one_challenge(stay: Trajectory, noor: Any) -> None:
    first = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    assert choose_challenge(trajectory=stay, text=WORDS.upper(), by=noor) == first


def test_five_at_once_is_plenty(stay: Trajectory, noor: Any) -> None:
    rows = [choose_challenge(trajectory=stay, text=f"Nr {n}", by=noor) for n in range(MOST_GOING)]
    with refused("enough_going"):
        choose_challenge(trajectory=stay, text="Nog een", by=noor)
    lay_aside(challenge=rows[0], by=noor)
    choose_challenge(trajectory=stay, text="Nog een", by=noor)


def test_empty_words_are_no_challenge(stay: Trajectory, noor: Any) -> None:
    with refused("text_needed"):
        choose_challenge(trajectory=stay, text=" \n ", by=noor)


@pytest.mark.parametrize(
    "phase", ["signed_up", "intake", "trial", "leaving", "former", "referred", "withdrawn"]
)
def test_something_new_begins_only_while_taking_part(
    stay: Trajectory, noor: Any, phase: str
) -> None:
    now_at(stay, phase)
    with refused("not_taking_part"):
        choose_challenge(trajectory=stay, text=WORDS, by=noor)


def test_in_a_pause_it_goes_on(stay: Trajectory, noor: Any) -> None:
    now_at(stay, "paused")
    assert choose_challenge(trajectory=stay, text=WORDS, by=noor).state == "going"


@pytest.mark.parametrize(("phase", "ends"), [("leaving", True), ("former", False)])
def test_it_may_still_work_out_until_the_goodbye(
    stay: Trajectory, noor: Any, phase: str, ends: bool
) -> None:
    row = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    now_at(stay, phase)
    if ends:
        assert reach_challenge(challenge=row, by=noor).state == "reached"
    else:
        with refused("not_taking_part"):
            reach_challenge(challenge=row, by=noor)


def test_no_words_are_kept_while_a_yes_is_missing(stay: Trajectory, noor: Any) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(blocked_reason="parent_missing")
    with refused("waits_for_a_yes"):
        choose_challenge(trajectory=stay, text=WORDS, by=noor)


def test_the_words_open_through_their_own_row_only(stay: Trajectory, noor: Any) -> None:
    one = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    two = choose_challenge(trajectory=stay, text="Ik bel een vriend", by=noor)
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(c::text, ' ') from challenges_challenge c")
        (dump,) = cursor.fetchone()
        assert "lunchen" not in dump
        assert WORDS.encode().hex() not in dump
        cursor.execute(
            "update challenges_challenge set text = (select text from challenges_challenge"
            " where id = %s) where id = %s",
            [one.pk, two.pk],
        )
    with pytest.raises(CannotOpen):
        _ = Challenge.objects.get(pk=two.pk).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "reached"},
        {"ended_on": TODAY},
        {"state": "laid_aside", "ended_on": TODAY - timedelta(days=1)},
    ],
)
def test_the_database_keeps_no_half_ended_challenge(
    stay: Trajectory, noor: Any, wrong: dict[str, Any]
) -> None:
    row = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    by = noor if wrong.get("state") == "laid_aside" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=row.pk).update(ended_by=by, **wrong)


def at_once(*acts: Any) -> list[str]:
    """Run the acts in threads that start together; what each came to, in no order."""
    gate, came_to = threading.Barrier(len(acts)), []

    def run(act: Any) -> None:
        gate.wait(20)
        try:
            act()
            came_to.append("done")
        except RuleBroken as broken:
            came_to.append(broken.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came_to


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_and_end_it_in_one_way(group: Group, worker: Any) -> None:
    stay = world.make_trajectory(group=group)
    young = stay.participant.user

    def copy() -> Trajectory:
        return Trajectory.objects.select_related("participant").get(pk=stay.pk)

    def choose(by: Any) -> Any:
        mine = copy()
        return lambda: choose_challenge(trajectory=mine, text=WORDS, by=by)

    assert at_once(*[choose(young) for _n in range(4)]) == ["done"] * 4
    row = Challenge.objects.get()

    def end(act: Any, by: Any) -> Any:
        own = Challenge.objects.select_related("trajectory__participant").get(pk=row.pk)
        return lambda: act(challenge=own, by=by)

    came_to = at_once(end(reach_challenge, young), end(lay_aside, worker))
    assert sorted(came_to) == ["already_ended", "done"]
