"""'Home may not know this' while something else happens at home: whatever comes first (R-346).

Two acts at once, each on a connection of its own: after the tap nothing goes home, no link of a
parent works, one to-do stands, and nobody's act dies (docs/adr/0014).
"""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.messaging import by_hand, sending
from core.messaging.models import Message
from participants.models import (
    AskedAgain,
    Guardian,
    HomeSilence,
    ParentalConsent,
    Participant,
    Trajectory,
)
from participants.parents import coming_of_age, guardians, mail_home, not_at_home
from participants.parents import question as parental
from participants.parents.asked_again import record_asked_again
from tests import world
from tests.participants.parents.build import NOON, asked, child
from tests.races import at_once, left_behind

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 200
Act = Callable[[], Any]


def at_noon(act: Act) -> Act:
    """A thread has a clock of its own."""

    def acts() -> None:
        with clock.travel(NOON + timedelta(days=3)):
            act()

    return acts


def both(acts: list[Act], dice: random.Random) -> list[str]:
    came_to = at_once([at_noon(act) for act in acts], dice, longest_pause=0.01)
    assert not [error for error in came_to if "(" in error], came_to
    return came_to


class Home:
    """A young person, a parent who was asked, and the workers. Everybody holds own objects."""

    def __init__(self, *, yes: bool = False) -> None:
        with clock.travel(NOON):
            stay = child()
            self.stay_pk, self.person_pk = stay.pk, stay.participant_id
            self.worker, self.other = (
                world.make_worker(stay.group, name) for name in ("Anouk Smit", "Ruben Vos")
            )
            row, self.token, parent = asked(stay)
            self.row_pk, self.parent_pk = row.pk, parent.pk
            if yes:
                parental.answer_request(consent=row, answer="yes", name="Inge")
                Message.objects.filter(kind="parental_receipt").update(state="sent", sent_at=NOON)
        self.handed_over: list[str] = []
        self.late: list[str] = []
        self.tapped = threading.Event()

    # ---- What everybody does

    def tap(self) -> None:
        me = Participant.objects.select_related("user", "contact").get(pk=self.person_pk)
        not_at_home.say_not_at_home(participant=me, by=me.user)
        self.tapped.set()

    def answer(self, said: str = "yes") -> None:
        parental.answer_request(consent=self.row, answer=said, name="Inge")

    def refuse(self) -> None:
        self.answer("no")

    def take_back(self) -> None:
        parental.withdraw_by_parent(consent=self.row)

    def send_again(self) -> None:
        parental.release_request(guardian=self.parent, trajectory=self.stay, by=self.worker)

    def resend_dead_letter(self) -> None:
        Message.objects.filter(kind="parental_request").update(state="dead", had_secret=False)
        letter = Message.objects.filter(kind="parental_request").latest("pk")
        by_hand.resend_message(message=letter, by=self.other)

    def remind(self) -> None:
        for row in parental.reminders_due(clock.today()):
            parental.remind(consent=row, day=clock.today())

    def correct_birth_date(self) -> None:
        me = Participant.objects.select_related("contact").get(pk=self.person_pk)
        day = me.birth_date - timedelta(days=365 * 4)
        coming_of_age.correct_birth_date(
            participant=me, birth_date=day, reason="Paspoort", by=self.worker
        )

    def follow_the_age(self) -> None:
        coming_of_age.follow_the_age(trajectory=self.stay)

    def new_mailbox(self) -> None:
        guardians.change_guardian(
            guardian=self.parent,
            name="Inge",
            relation="mother",
            email="elders@example.org",
            by=self.worker,
        )

    def say_it_is_safe(self) -> None:
        parental.ask_harm(trajectory=self.stay, can_harm=False, by=self.worker)

    def send(self) -> None:
        """The outbox, amid sending: whatever is handed over after the tap was done is too late."""

        def deliver(message: Message, _connection: Any) -> None:
            if message.kind.startswith("parental_"):
                (self.late if self.tapped.is_set() else self.handed_over).append(message.kind)

        sending.send_due(deliver)

    # ---- What stands

    @property
    def stay(self) -> Trajectory:
        return Trajectory.objects.select_related("participant__contact").get(pk=self.stay_pk)

    @property
    def parent(self) -> Guardian:
        return Guardian.objects.select_related("contact", "participant").get(pk=self.parent_pk)

    @property
    def row(self) -> ParentalConsent:
        return ParentalConsent.objects.select_related("trajectory", "guardian__contact").get(
            pk=self.row_pk
        )

    def is_silent(self) -> None:
        assert self.late == []
        with clock.travel(NOON + timedelta(days=3)):
            home = Message.objects.filter(contact__guardian__participant=self.person_pk)
            waits = home.filter(state__in=["queued", "sending", "dead"])
            assert not list(waits.values_list("kind", "state"))
            assert mail_home.is_unsafe(self.stay)
            assert HomeSilence.objects.filter(participant=self.person_pk).count() == 1
            kinds = [todo.kind for todo in world.waiting(self.worker, "home_silence")]
            assert kinds == ["home_silence"]
            told = Message.objects.filter(
                kind="participants.needed_today", contact=self.worker.contact
            )
            assert told.count() == 1
            for row in ParentalConsent.objects.filter(trajectory=self.stay_pk):
                now = clock.now()
                assert not parental.is_answerable(row, now)
                assert not parental.is_withdrawable(row, now)
                for link in row.links.all():
                    assert parental.find_by_hash(bytes(link.token_hash), link.purpose) is None


#: What happens beside the tap, and whether the parent said yes before.
BESIDE = [
    ("answer", False),
    ("refuse", False),
    ("take_back", True),
    ("send_again", False),
    ("resend_dead_letter", False),
    ("remind", False),
    ("correct_birth_date", False),
    ("follow_the_age", False),
    ("new_mailbox", False),
    ("new_mailbox", True),
    ("say_it_is_safe", False),
    ("send", False),
    ("tap", False),
]


def race(beside: str, yes: bool, rounds: int) -> list[str]:
    dice, came_to = random.Random(beside), list[str]()
    for _round in range(rounds):
        home = Home(yes=yes)
        acts: list[Act] = [home.tap, getattr(home, beside)]
        came_to += both(acts, dice)
        home.is_silent()
        Message.objects.filter(state__in=["queued", "sending", "dead"]).update(state="withdrawn")
        HomeSilence.objects.update(ended_at=clock.now())
    assert left_behind() == 0
    assert came_to[::2] == ["done"] * rounds, "the tap is never refused"
    return came_to


@pytest.mark.req("R-346", "R-357")
@pytest.mark.parametrize(("beside", "yes"), BESIDE)
def test_the_tap_beside_something_else_at_home(beside: str, yes: bool) -> None:
    race(beside, yes, rounds=3)


@pytest.mark.deep
@pytest.mark.req("R-346", "R-357")
@pytest.mark.parametrize(("beside", "yes"), BESIDE)
def test_the_tap_two_hundred_times_beside_something_else_at_home(beside: str, yes: bool) -> None:
    race(beside, yes, ROUNDS)


@pytest.mark.req("R-346")
def test_a_mail_of_a_batch_that_is_being_sent_does_not_leave_after_the_tap() -> None:
    """Asked about a moment ago, and the answer is still fresh."""
    home, gone = Home(), list[str]()
    with clock.travel(NOON):
        asked(child(), name="Henk")

    def deliver(message: Message, _connection: Any) -> None:
        if message.kind == "parental_request":
            gone.append(message.contact.name)
            assert at_once([at_noon(home.tap)], random.Random(1)) == ["done"]

    first = Message.objects.filter(contact__name="Henk")
    first.update(not_before=NOON - timedelta(hours=1))
    at_noon(lambda: sending.send_due(deliver))()
    assert gone == ["Henk"]
    home.is_silent()


@pytest.mark.req("R-346")
def test_the_tap_waits_for_the_mail_that_the_server_is_taking_and_says_so_afterwards() -> None:
    home = Home()
    begun, waited = threading.Event(), list[bool]()

    def deliver(message: Message, _connection: Any) -> None:
        if message.kind == "parental_request":
            begun.set()
            waited.append(not home.tapped.wait(0.3))

    def tap() -> None:
        begun.wait(10)
        home.tap()

    assert both([lambda: sending.send_due(deliver), tap], random.Random(1)) == ["done", "done"]
    assert waited == [True], "nobody was told that nothing goes home while a mail was leaving"
    assert Message.objects.get(kind="parental_request").state == "sent"
    home.is_silent()


# ---- Two taps, two talks -----------------------------------------------------------------------


def talk(home: Home, worker: Any, *, still: bool) -> None:
    silence = HomeSilence.objects.get(participant=home.person_pk)
    not_at_home.note_talk(silence=silence, still=still, words="Gebeld", by=worker)


def two_talks(rounds: int) -> None:
    dice = random.Random(48)
    for number in range(rounds):
        home = Home()
        at_noon(home.tap)()
        one_says = number % 2 == 0
        came_to = both(
            [
                lambda h=home, s=one_says: talk(h, h.worker, still=s),
                lambda h=home: talk(h, h.other, still=False),
            ],
            dice,
        )
        assert "done" in came_to
        assert set(came_to) <= {"done", "over"}
        silence = HomeSilence.objects.get(participant=home.person_pk)
        assert silence.talked_at is not None
        assert silence.ended_at is not None or came_to == ["done", "over"]
        assert home.stay.participant.contact.held_since is None
    assert left_behind() == 0


@pytest.mark.req("R-346", "R-357")
def test_two_workers_note_the_talk_at_once() -> None:
    two_talks(3)


@pytest.mark.deep
@pytest.mark.req("R-346", "R-357")
def test_two_workers_note_the_talk_two_hundred_times_at_once() -> None:
    two_talks(ROUNDS)


# ---- The parent's own word (R-345) ---------------------------------------------------------------


def heard(home: Home, worker: Any, no: Any = None) -> None:
    record_asked_again(
        guardian=home.parent,
        trajectory=home.stay,
        heard_on=clock.today(),
        agreed=True,
        can_harm=False,
        words="Wil er nog eens naar kijken.",
        by=worker,
        no=no,
    )


def refused() -> Home:
    home = Home()
    at_noon(home.refuse)()
    return home


def heard_twice(rounds: int) -> None:
    dice = random.Random(345)
    for _round in range(rounds):
        home = refused()
        acts = [lambda h=home, w=w: heard(h, w) for w in (home.worker, home.other)]
        assert both(acts, dice) == ["done", "done"]
        assert AskedAgain.objects.filter(consent__guardian=home.parent_pk).count() == 1
        assert set(both([home.send_again, home.send_again], dice)) == {"done"}
        rows = ParentalConsent.objects.filter(guardian=home.parent_pk, revoked_at=None, answer="")
        assert rows.count() == 1, "one question is open, and its older link is dead"
        waits = Message.objects.filter(contact=home.parent.contact, state="queued")
        assert waits.filter(kind="parental_request").count() == 1
    assert left_behind() == 0


@pytest.mark.req("R-345", "R-357")
def test_two_workers_write_down_at_once_that_a_parent_came_back() -> None:
    heard_twice(3)


@pytest.mark.deep
@pytest.mark.req("R-345", "R-357")
def test_two_workers_write_it_down_two_hundred_times_at_once() -> None:
    heard_twice(ROUNDS)


def a_second_no(rounds: int) -> list[str]:
    """The question is open again; a worker has the page of the first no open still."""
    dice, came_to = random.Random(47), list[str]()
    for _round in range(rounds):
        home = refused()
        first_no = home.row_pk
        at_noon(lambda h=home: heard(h, h.worker))()
        at_noon(home.send_again)()
        home.row_pk = ParentalConsent.objects.get(guardian=home.parent_pk, answer="").pk
        came_to += both([home.refuse, lambda h=home, no=first_no: heard(h, h.other, no)], dice)
        assert came_to[-2] == "done"
        assert came_to[-1] in {"done", "said_no_again"}
        with clock.travel(NOON + timedelta(days=3)), world.broken("said_no"):
            parental.release_request(guardian=home.parent, trajectory=home.stay, by=home.worker)
    assert left_behind() == 0
    return came_to


@pytest.mark.req("R-345", "R-357")
def test_a_second_no_closes_the_question_that_is_opened_at_that_moment() -> None:
    a_second_no(4)


@pytest.mark.deep
@pytest.mark.req("R-345", "R-357")
def test_a_second_no_closes_it_two_hundred_times() -> None:
    assert set(a_second_no(ROUNDS)) == {"done", "said_no_again"}, "each comes first now and then"
