"""*Send nothing more* while something else happens to that person: nobody's act dies (R-357)."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.organisations.models import Group
from core.texts.models import TextVersion
from groups.goodbye.leaving import stop_myself
from participants.journey import journey
from participants.models import Guardian, ParentalConsent, Participant, Trajectory
from participants.parents.coming_of_age import correct_birth_date
from participants.parents.guardians import change_guardian
from participants.person.details import change_details
from participants.rights.erasure import erase_person
from participants.signup.sign_up import sign_up
from participants.stay.no_messages import send_nothing_more
from tests import world
from tests.races import at_once, left_behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-357")]

ROUNDS = 200


@pytest.fixture(autouse=True)
def _own_file(settings: Any, tmp_path: Any) -> None:
    settings.ERASURES_FILE = str(tmp_path / "apart" / "erasures.jsonl")


class Person:
    """Two stays, the first of them over; everybody holds objects of their own."""

    def __init__(self, group: Group, worker: Any, *, runs: bool) -> None:
        self.group, self.worker = group, worker
        since = clock.today() - timedelta(days=90)
        person = world.make_participant(age=17, municipality=group.location.work_area.first())
        self.pk, self.birth_date = person.pk, person.birth_date
        for phase in ("withdrawn", "participating" if runs else "referred"):
            world.make_trajectory(group=group, participant=person, phase=phase)
        if runs:
            self.stay_pk = Trajectory.objects.get(participant=person, phase="participating").pk
            world.seat(Trajectory.objects.get(pk=self.stay_pk), group, first_day=since)

    @property
    def own(self) -> Participant:
        return Participant.objects.select_related("contact").get(pk=self.pk)

    def send_nothing_more(self) -> None:
        send_nothing_more(participant=self.own, by=None, reason="asked")

    def correct_birth_date(self) -> None:
        day = self.birth_date - timedelta(days=30)
        correct_birth_date(participant=self.own, birth_date=day, reason="Paspoort", by=self.worker)

    def open_stay(self) -> None:
        journey.open_stay(
            participant=self.own,
            group=self.group,
            region=self.group.location.region,
            first_contact_by="app",
        )

    def sign_up(self) -> None:
        me = self.own
        sign_up(
            call_name=me.call_name,
            birth_date=me.birth_date,
            postcode=me.postcode,
            municipality=me.municipality,
            first_contact_by="app",
            group=self.group,
            email=me.contact.email,
        )

    def erase(self) -> None:
        erase_person(participant=self.own, by=self.worker)

    def stop_myself(self) -> None:
        stay = Trajectory.objects.get(pk=self.stay_pk)
        stop_myself(trajectory=stay, later_contact=False, by=stay.participant.user)

    def change_name(self) -> None:
        change_details(participant=self.own, by=self.worker, call_name="Robin")


#: The two acts, and whether the newest stay still runs.
PAIRS = [
    ("send_nothing_more", "correct_birth_date", True),
    ("send_nothing_more", "open_stay", False),
    ("send_nothing_more", "sign_up", False),
    ("send_nothing_more", "erase", True),
    ("send_nothing_more", "stop_myself", True),
    ("send_nothing_more", "change_name", True),
    ("stop_myself", "correct_birth_date", True),
    ("stop_myself", "erase", True),
    ("correct_birth_date", "erase", True),
    ("correct_birth_date", "open_stay", False),
    ("correct_birth_date", "sign_up", False),
    ("erase", "open_stay", False),
    ("erase", "sign_up", False),
    ("open_stay", "sign_up", False),
]


def race(first: str, second: str, runs: bool, rounds: int) -> list[str]:
    dice, came_to = random.Random(f"{first} {second}"), list[str]()
    group = world.make_group(age_from=12, age_until=30)
    group.location.work_area.add(world.make_municipality())
    worker = world.make_worker(group)
    for _round in range(rounds):
        person = Person(group, worker, runs=runs)
        acts: list[Callable[[], Any]] = [getattr(person, first), getattr(person, second)]
        came_to += at_once(acts, dice, longest_pause=0.01)
        assert not [error for error in came_to if "(" in error], came_to
        Trajectory.objects.filter(participant=person.pk).running().update(phase="withdrawn")
        group.placements.filter(last_day__isnull=True).update(last_day=clock.today())
        Group.objects.filter(pk=group.pk).update(places_taken=0, state="open")
    assert left_behind() == 0
    return came_to


def one_came_through(came_to: list[str]) -> bool:
    """Of each two at least one; the other may have come too late for its own rule."""
    return all("done" in both for both in zip(came_to[::2], came_to[1::2], strict=True))


@pytest.mark.parametrize(("first", "second", "runs"), PAIRS)
def test_two_at_once_about_one_person(first: str, second: str, runs: bool) -> None:
    came_to = race(first, second, runs, rounds=4)
    assert one_came_through(came_to), came_to


@pytest.mark.deep
@pytest.mark.parametrize(("first", "second", "runs"), PAIRS)
def test_two_hundred_times_at_once_about_one_person(first: str, second: str, runs: bool) -> None:
    came_to = race(first, second, runs, ROUNDS)
    assert len(came_to) == 2 * ROUNDS
    assert one_came_through(came_to)


def ask(stay: Trajectory, guardian: Guardian) -> ParentalConsent:
    """The mail to the parent is out, and unanswered."""
    text = TextVersion.objects.current("parental_consent", "nl")
    return ParentalConsent.objects.create(
        trajectory=stay,
        guardian=guardian,
        text=text,
        text_sha256=text.sha256,
        released_at=clock.now(),
        released_by=world.make_staff(),
        expires_at=clock.now() + timedelta(days=30),
    )


def test_a_new_address_of_a_parent_reaches_a_stay_that_begins_at_that_moment() -> None:
    """Whoever corrects the address waits, and then sees that stay as well: its old link dies."""
    group = world.make_group()
    worker = world.make_worker(group)
    before = world.make_trajectory(group=group, phase="withdrawn", age=15)
    guardian = world.make_guardian(before)
    begun = threading.Event()

    def begins() -> None:
        with transaction.atomic():
            stay = journey.open_stay(
                participant=Participant.objects.get(pk=before.participant_id),
                group=group,
                region=group.location.region,
                first_contact_by="app",
            )
            asked.append(ask(stay, guardian))
            begun.set()
            time.sleep(0.3)

    def corrects() -> None:
        begun.wait(10)
        change_guardian(
            guardian=Guardian.objects.get(pk=guardian.pk),
            name="Mees Bakker",
            relation=guardian.relation,
            email="elders@example.org",
            by=worker,
        )

    asked: list[Any] = []
    assert at_once([begins, corrects], random.Random(1)) == ["done", "done"]
    asked[0].refresh_from_db()
    assert asked[0].revoked_at is not None
