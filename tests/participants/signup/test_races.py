"""A sign-up is mended or taken back while something else happens to it: nobody's act dies (R-357).

Each on a connection of its own; whatever comes first, what is taken back stays so.
"""

import random
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core import clock
from core.ages import birthday
from core.ids import uuid7
from core.messaging.models import Message
from core.messaging.sending import why_not
from core.organisations.mergers import move_to_successor, still_to_move
from core.organisations.models import Group, Municipality
from participants.models import Participant, SignUpReceipt, Trajectory
from participants.signup import first_contact, receipt
from participants.signup.receipt import KIND
from participants.signup.sign_up import sign_up
from tests import world
from tests.races import at_once, left_behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-357")]
ROUNDS = 200


class Arriving:
    """Somebody who signed up a moment ago, or knocked: somebody we know filled in the form."""

    def __init__(self, group: Group, worker: Any, number: int, *, own: bool) -> None:
        self.worker = worker
        self.email = f"bo{number}-{uuid7().hex[-6:]}@example.org"
        known = self.signs_up(group, uuid7()) if not own else None
        self.key = uuid7()
        stay = self.signs_up(group, self.key)
        assert (known is None) or known.pk == stay.pk
        self.stay_pk = stay.pk

    def signs_up(self, group: Group, key: UUID) -> Trajectory:
        return sign_up(
            call_name="Bo",
            birth_date=birthday(clock.today(), -14),
            postcode="3511",
            municipality=group.location.work_area.get(),
            first_contact_by="app",
            group=group,
            email=self.email,
            key=key,
        )

    @property
    def receipt(self) -> SignUpReceipt:
        rows = SignUpReceipt.objects.select_related(
            "trajectory__group", "trajectory__participant__contact", "contact"
        )
        return rows.get(pk=self.key)

    def correct(self) -> None:
        receipt.correct(receipt=self.receipt, call_name="Bobbie", address=f"x{self.email}")

    def correct_in_another_tab(self) -> None:
        receipt.correct(receipt=self.receipt, call_name="Robin", address=f"y{self.email}")

    def take_back(self) -> None:
        receipt.take_back(receipt=self.receipt)

    def speaks(self) -> None:
        stay = Trajectory.objects.get(pk=self.stay_pk)
        first_contact.record_contact(trajectory=stay, outcome="spoken", by=self.worker)

    def is_right(self, first: str, second: str) -> None:
        row = self.receipt
        wanted = [
            one
            for one in Message.objects.filter(kind=KIND, subject_id=self.key, state="queued")
            if not why_not(one)
        ]
        if "take_back" in (first, second):
            assert row.taken_back_at is not None
            assert not wanted, "no mail asks whether it is right"
            if row.own:
                assert row.trajectory.phase == "withdrawn"
        elif "speaks" in (first, second):
            assert row.trajectory.contacted_at is not None
        else:
            assert (row.contact.name, row.contact.email) in {
                ("Bobbie", f"x{self.email}"),
                ("Robin", f"y{self.email}"),
            }
            assert len(wanted) <= 1, "one link works"
        if row.own:
            assert row.trajectory.participant.call_name == row.trajectory.participant.contact.name


PAIRS = [
    ("take_back", "correct"),
    ("take_back", "take_back"),
    ("correct", "correct_in_another_tab"),
    ("correct", "speaks"),
    ("take_back", "speaks"),
]


def race(first: str, second: str, own: bool, rounds: int) -> None:
    dice = random.Random(f"{first} {second}")
    group = world.make_group(municipality=world.make_municipality("Voorbeeldstad"))
    worker = world.make_worker(group)
    for number in range(rounds):
        bo = Arriving(group, worker, number, own=own)
        acts: list[Callable[[], Any]] = [getattr(bo, first), getattr(bo, second)]
        came_to = at_once(acts, dice, longest_pause=0.01)
        assert came_to[0] in {"done", "over", "spoken_already"}, came_to
        assert came_to[1] in {"done", "over", "spoken_already"}, came_to
        assert "done" in came_to
        if first == "take_back":
            assert came_to[0] == "done"
        bo.is_right(first, second)
        Trajectory.objects.running().update(phase="withdrawn")
    assert left_behind() == 0


@pytest.mark.req("R-349")
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_at_once_about_one_sign_up(first: str, second: str, own: bool) -> None:
    race(first, second, own, rounds=3)


@pytest.mark.deep
@pytest.mark.req("R-349")
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_hundred_times_at_once_about_one_sign_up(first: str, second: str, own: bool) -> None:
    race(first, second, own, ROUNDS)


def merging(rounds: int) -> None:
    """Six sign up from the municipality that ended yesterday while its people are moved."""
    dice = random.Random(342)
    day = clock.today()
    for number in range(rounds):
        new = world.make_municipality(f"Nieuwstad {number}")
        old = world.make_municipality(f"Oudstad {number}")
        group = world.make_group(municipality=old)
        worker = world.make_worker(group)
        there = Arriving(group, worker, number, own=True)
        Municipality.objects.filter(pk=old.pk).update(
            successor=new, valid_until=date.fromordinal(day.toordinal() - 1)
        )
        group.location.work_area.add(new)

        def arrives(
            n: int, group: Group = group, old: Municipality = old, at: int = number
        ) -> None:
            sign_up(
                call_name=f"Bo{n}",
                birth_date=birthday(clock.today(), -14),
                postcode="3511",
                municipality=Municipality.objects.get(pk=old.pk),
                first_contact_by="app",
                group=group,
                email=f"bo{n}@n{at}.example.org",
            )

        def follows(old: Municipality = old) -> None:
            move_to_successor(Municipality.objects.get(pk=old.pk))

        acts: list[Callable[[], Any]] = [
            follows,
            follows,
            there.correct,
            *(lambda n=n: arrives(n) for n in range(6)),
        ]
        came_to = at_once(acts, dice, longest_pause=0.02)
        assert set(came_to[:3]) == {"done"}, came_to
        assert not [error for error in came_to if "(" in error], came_to
        follows()  # what was written in between is for the next turn
        assert old not in list(still_to_move(day))
        assert not Participant.objects.filter(municipality=old).exists()
    assert left_behind() == 0


@pytest.mark.req("R-342")
def test_people_sign_up_while_their_municipality_is_merged() -> None:
    merging(2)


@pytest.mark.deep
@pytest.mark.req("R-342")
def test_people_sign_up_two_hundred_times_while_their_municipality_is_merged() -> None:
    merging(ROUNDS)
