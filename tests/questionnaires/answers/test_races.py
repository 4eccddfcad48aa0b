"""A parent takes the yes back while an answer is tapped and a list is sent (R-350).

Whatever comes first, nothing is taken after the yes is gone, nothing that was taken before is lost,
and no lock stays behind.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest

from core import clock
from participants.models import ParentalConsent, Trajectory
from participants.parents import question as parental
from questionnaires.answers import answering, later
from questionnaires.models import Draft, Invitation, Response
from tests.questionnaires.a_yes import begin
from tests.races import at_once, left_behind

FIRST = dict.fromkeys(range(1, 13), 2)
OUTCOMES = {"done", "blocked", "not_open"}


def one_round(seed: int) -> list[str]:
    """Two tabs tap and send, a third puts off, a parent takes the yes back."""
    dice = random.Random(seed)
    life = begin()
    by = life.user
    answering.save_answers(invitation=life.wave, values=FIRST, by=by)

    def fresh() -> Invitation:
        return Invitation.objects.get(pk=life.wave.pk)

    tap, other = fresh(), fresh()
    sent, again, put_off = fresh(), fresh(), fresh()
    consent = ParentalConsent.objects.get(pk=life.consent.pk)
    acts: list[Callable[[], Any]] = [
        lambda: answering.save_answer(invitation=tap, number=13, value=1, by=by),
        lambda: answering.save_answer(invitation=other, number=14, value=1, by=by),
        lambda: answering.submit(invitation=sent, by=by),
        lambda: answering.submit(invitation=again, by=by),
        lambda: later.leave_alone(invitation=put_off, by=by),
        lambda: parental.withdraw_by_parent(consent=consent),
    ]
    order = list(range(len(acts)))
    dice.shuffle(order)
    outcomes = dict(zip(order, at_once([acts[n] for n in order], dice), strict=True))
    assert set(outcomes.values()) <= OUTCOMES, outcomes
    assert outcomes[5] == "done"

    stay = Trajectory.objects.get(pk=life.stay.pk)
    assert stay.blocked_reason == "parent_withdrew"
    wave = fresh()
    response, draft = Response.objects.first(), Draft.objects.first()
    kept = response or draft
    assert kept is not None
    assert (response is None) != (draft is None)
    assert (wave.state == "answered") is (response is not None)
    assert (
        (outcomes[2] == outcomes[3] == "done")
        if response
        else "done"
        not in (
            outcomes[2],
            outcomes[3],
        )
    )
    expected = dict(FIRST)
    expected |= {13 + n: 1 for n in (0, 1) if outcomes[n] == "done"}
    assert kept.given() == expected, "what was said to be kept is kept, and nothing else"
    if response is not None:
        withdrawn_at = ParentalConsent.objects.get(pk=consent.pk).withdrawn_at
        assert withdrawn_at is not None
    assert left_behind() == 0
    return list(outcomes.values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-350")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_tap_a_submission_and_a_yes_taken_back_at_once(seed: int) -> None:
    one_round(seed)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-350")
def test_sixty_rounds_of_the_same() -> None:
    came_to: dict[str, int] = {}
    for seed in range(60):
        Draft.objects.all().delete()
        Response.objects.all().delete()
        Invitation.objects.all().delete()
        for outcome in one_round(seed):
            came_to[outcome] = came_to.get(outcome, 0) + 1
    assert came_to["done"] > 60
    assert came_to.get("blocked", 0) > 0, clock.now()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-350")
def test_whoever_waits_for_the_parent_is_refused_and_not_let_through() -> None:
    """The order that a pause cannot promise: the act waits for the lock of the stay, then looks."""
    import threading
    import time

    from django.db import connection, transaction

    from participants.consent import needed
    from participants.stay.lock import lock

    life = begin()
    by = life.user
    answering.save_answers(invitation=life.wave, values=FIRST, by=by)
    came_to: dict[str, str] = {}

    def act(name: str, what: Callable[[], Any]) -> None:
        try:
            what()
            came_to[name] = "done"
        except Exception as error:
            came_to[name] = getattr(error, "code", repr(error))
        finally:
            connection.close()

    waiting = {
        "tap": lambda: answering.save_answer(invitation=life.wave, number=13, value=1, by=by),
        "send": lambda: answering.submit(invitation=life.wave, by=by),
        "later": lambda: later.leave_alone(invitation=life.wave, by=by),
    }
    threads = [threading.Thread(target=act, args=pair) for pair in waiting.items()]
    with transaction.atomic():
        lock(life.stay)
        ParentalConsent.objects.filter(pk=life.consent.pk).update(withdrawn_at=clock.now())
        for thread in threads:
            thread.start()
        until = time.monotonic() + 20
        while left_waiting() < len(threads) and time.monotonic() < until:
            time.sleep(0.02)
        needed.settle(trajectory=life.stay)
    for thread in threads:
        thread.join(30)
    assert came_to == dict.fromkeys(waiting, "blocked")
    assert Draft.objects.get().given() == FIRST
    assert not Response.objects.exists()


def left_waiting() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")  # one transaction sees one moment
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
