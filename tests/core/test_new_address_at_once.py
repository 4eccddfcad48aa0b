"""Two people, or two tabs, who move to one address at the same moment (R-341, docs/adr/0014)."""

import random
import re
from datetime import date
from functools import partial
from typing import Any

import pytest

from core.accounts import ways_in
from core.accounts.models import User
from core.accounts.new_address import (
    ask_new_address,
    change_sign_in_address,
    confirm_new_address,
    read_ticket,
)
from core.messaging.models import Message
from tests import world
from tests.races import at_once, left_behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-341", "R-357")]
ROUNDS = 200
BORN, LATER = date(2010, 3, 4), date(2012, 5, 6)


def account(number: int, born: date) -> User:
    person = world.make_participant(birth_date=born, email=f"eigen{number}@example.org")
    assert person.user is not None
    return person.user


def moves(pk: Any, address: str) -> None:
    user = User.objects.get(pk=pk)
    change_sign_in_address(user=user, email=address, by=user)


def together(born: tuple[date, date], rounds: int) -> list[str]:
    dice, came_to = random.Random(str(born)), list[str]()
    for number in range(rounds):
        address = f"samen{number}@example.org"
        users = [account(2 * number + n, day) for n, day in enumerate(born)]
        came_to += at_once([partial(moves, one.pk, address) for one in users], dice, 0.01)
        there = User.objects.filter(email=address)
        assert all(ways_in.door_of(one.contact).way != ways_in.Way.WORKER for one in there)
        assert there.count() == came_to[-2:].count("done")
    assert left_behind() == 0
    return came_to


def test_twins_who_move_to_one_address_at_once_do_not_lock_each_other_out() -> None:
    came_to = together((BORN, BORN), 6)
    assert sorted(came_to) == ["done"] * 6 + ["not_told_apart"] * 6


def test_brother_and_sister_who_move_to_one_address_at_once_both_come_in() -> None:
    assert together((BORN, LATER), 4) == ["done"] * 8


@pytest.mark.deep
@pytest.mark.parametrize("born", [(BORN, BORN), (BORN, LATER)])
def test_two_people_move_to_one_address_two_hundred_times(born: tuple[date, date]) -> None:
    assert set(together(born, ROUNDS)) <= {"done", "not_told_apart"}


def used_twice(rounds: int) -> None:
    dice = random.Random(341)
    for number in range(rounds):
        user = account(number, BORN)
        ticket = ask_new_address(user=user, email=f"nieuw{number}@example.org", by=user)
        letter = Message.objects.filter(kind="new_address_code").latest("pk")
        found = re.search(r'"code": "(\d{6})"', str(letter.secret))
        assert found is not None

        def confirms(pk: Any = user.pk, code: str = found[1], ticket: str = ticket) -> None:
            me = User.objects.get(pk=pk)
            asked = read_ticket(me, ticket)
            if asked is not None:  # else: too late, and so says the page
                confirm_new_address(user=me, asked=asked, code=code, by=me)

        came_to = at_once([confirms, confirms], dice, 0.01)
        assert "done" in came_to
        assert set(came_to) <= {"done", "used"}
        before = user.session_epoch
        user.refresh_from_db()
        assert (user.email, user.session_epoch) == (f"nieuw{number}@example.org", before + 1)
        assert Message.objects.filter(kind="address_changed", subject_id=user.pk).count() == 1
    assert left_behind() == 0


def test_a_code_that_is_used_twice_at_once_moves_the_door_once() -> None:
    used_twice(5)


@pytest.mark.deep
def test_a_code_is_used_twice_two_hundred_times() -> None:
    used_twice(ROUNDS)
