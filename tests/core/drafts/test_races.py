"""What is typed, kept while something else happens to it: nothing comes back, nothing is left."""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction

from core import clock
from core.drafts import keeping
from core.drafts.models import Draft
from core.drafts.tickets import Ticket
from core.ids import uuid7
from participants.intake import talk
from tests import world
from tests.core.drafts.pages import look, text, type_in
from tests.participants.intake.build import address, posted
from tests.races import at_once, left_behind
from tests.world import eyes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-339")]
ROUNDS = 200
NEED = 'name="need"'


class Typing:
    """A worker with a page open about somebody."""

    def __init__(self, worker: Any) -> None:
        self.worker, self.somebody = worker, uuid7()
        self.page = Ticket(
            form="form",
            subject=str(self.somebody),
            path="/",
            about=(self.somebody,),
            at=clock.now() - timedelta(minutes=1),
        )
        self.turn = 0

    def keep(self, words: str = "x", ticket: Ticket | None = None) -> None:
        self.turn += 1
        keeping.keep(
            ticket=ticket or self.page, values={"w": [words]}, by=self.worker, turn=self.turn
        )

    def saved(self) -> None:
        keeping.saved(ticket=self.page, by=self.worker)

    def recused(self) -> None:
        with transaction.atomic():
            keeping.bar(user=self.worker, about=[self.somebody])

    def erased(self) -> None:
        with transaction.atomic():
            keeping.bar(user=None, about=[self.somebody])

    @property
    def left(self) -> int:
        return Draft.objects.open().touching([self.somebody]).count()


def late(act: str, rounds: int) -> None:
    """Ten saves on their way, of one draft and of others that were never kept, and the act."""
    dice = random.Random(act)
    worker = world.make_staff()
    for _round in range(rounds):
        typing = Typing(worker)
        typing.keep("eerder")
        acts: list[Callable[[], Any]] = [getattr(typing, act), *[typing.keep] * 5]
        if act != "saved":
            others = [replace(typing.page, draft=uuid7(), page=uuid7()) for _n in range(4)]
            acts += [lambda t=typing, o=one: t.keep("nieuw", o) for one in others]
        assert set(at_once(acts, dice, longest_pause=0.01)) == {"done"}
        assert typing.left == 0
        typing.keep("nog later")
        assert typing.left == 0
    assert left_behind() == 0


@pytest.mark.parametrize("act", ["saved", "recused", "erased"])
def test_what_is_on_its_way_does_not_come_back(act: str) -> None:
    late(act, 8)


@pytest.mark.deep
@pytest.mark.parametrize("act", ["saved", "recused", "erased"])
def test_what_is_on_its_way_does_not_come_back_two_hundred_times(act: str) -> None:
    late(act, ROUNDS)


def test_a_save_that_began_before_the_bar_and_ends_after_it_is_waited_for() -> None:
    typing, began, barred = Typing(world.make_staff()), threading.Event(), threading.Event()

    def keep() -> None:
        with transaction.atomic():
            typing.keep("onderweg")
            began.set()
            barred.wait(0.5)

    def bar() -> None:
        began.wait(10)
        typing.recused()
        barred.set()

    assert at_once([keep, bar], random.Random(1)) == ["done", "done"]
    assert typing.left == 0


def tabs(rounds: int) -> None:
    dice = random.Random(2)
    for _round in range(rounds):
        typing = Typing(world.make_staff())  # one person keeps sixty at most
        here, there = typing.page, replace(typing.page, draft=uuid7(), page=uuid7())
        acts = [partial(typing.keep, "hier", here), partial(typing.keep, "daar", there)]
        assert at_once(acts, dice, longest_pause=0.01) == ["done", "done"]
        rows = Draft.objects.open().touching([typing.somebody])
        assert {keeping.words_of(row).values["w"][0] for row in rows} == {"hier", "daar"}
    assert left_behind() == 0


def test_two_tabs_that_keep_at_once_each_have_their_own() -> None:
    tabs(5)


@pytest.mark.deep
def test_two_tabs_keep_two_hundred_times_at_once() -> None:
    tabs(ROUNDS)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "amid", ["core.drafts.keeping.saved", "participants.intake.talk.save_intake"]
)
def test_killed_amid_a_save_the_words_are_in_the_record_or_in_the_draft(amid: str) -> None:
    group = world.make_group()
    fleur = world.make_worker(group)
    stay = world.make_trajectory(group=group, phase="signed_up", call_name="Bo")
    begun = talk.start_intake(trajectory=stay, by=fleur)
    client, page = eyes(fleur), address(stay)
    sealed = look(client, page, NEED)
    type_in(client, sealed, need="Vrienden")
    with patch(amid, side_effect=Killed), pytest.raises(Killed):
        client.post(page, posted(begun, need="Vrienden", draft=sealed))
    begun.refresh_from_db()
    is_kept = Draft.objects.open().filter(person=fleur).exists()
    assert begun.need == "Vrienden" or is_kept
    again = text(client.get(page))
    assert "Vrienden" in again or "Je hebt een concept" in again
    client.post(page, posted(begun, need="Vrienden", draft=sealed))
    begun.refresh_from_db()
    assert begun.need == "Vrienden"
