"""The card 'You got this': collected, read by a worker, never seen early, given at the goodbye."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.messaging.models import Message
from core.privacy import OWN, Person
from groups.evenings.last_meeting import agree_last_meeting
from groups.farewell.authors import lines_of
from groups.farewell.cards import (
    give_card,
    may_be_taken_back,
    not_given_yet,
    put_card_away,
    start_card,
    start_round,
    take_out_again,
)
from groups.farewell.paper import words_of
from groups.farewell.standing import Standing, may_be_given, progress_of
from groups.farewell.texts import put_on_the_card, send_back, texts_to_read, write_text
from groups.goodbye.leaving import stay_after_all
from groups.models import FarewellCard, FarewellText
from groups.privacy import erase_person, export_person
from participants.models import Recusal, Trajectory
from participants.recusal.recusal import out_of, recuse
from tests import world
from tests.world import broken, waiting

TODAY = date(2026, 3, 13)
LAST = TODAY + timedelta(days=14)


@dataclass
class Goodbye:
    """Casey says goodbye in a group with Noor, Amir and two workers."""

    worker: User
    colleague: User
    casey: Trajectory
    noor: Trajectory
    amir: Trajectory
    card: FarewellCard

    def write(
        self, stay: Trajectory, text: str = "Je luistert echt.", **more: object
    ) -> FarewellText:
        return write_text(card=self.card, way="typed", text=text, stay=stay.pk, **more)  # type: ignore[arg-type]

    def read(self, text: FarewellText) -> FarewellText:
        return put_on_the_card(text=text, version=text.version, by=self.worker)

    def standing(self, stay: Trajectory) -> Standing:
        return next(line.standing for line in lines_of(self.card) if line.author.stay == stay.pk)


@pytest.fixture
def goodbye(db: None) -> Iterator[Goodbye]:
    with clock.travel(clock.at(TODAY, 12)):
        group = world.make_group()
        worker, colleague = world.make_worker(group), world.make_worker(group, "Daan Vos")
        long_ago = TODAY - timedelta(days=300)
        casey, noor, amir = (
            world.make_participating(group, since=long_ago, age=17, call_name=name)
            for name in ("Casey", "Noor", "Amir")
        )
        world.hold_exit_talk(casey, by=worker)
        agree_last_meeting(trajectory=casey, meeting=world.make_meeting(group, LAST), by=worker)
        casey.refresh_from_db()
        card = start_card(trajectory=casey, by=worker)
        yield Goodbye(worker, colleague, casey, noor, amir, card)


@pytest.mark.req("R-184")
def test_the_group_and_the_workers_are_asked_and_the_card_says_when_it_is_complete(
    goodbye: Goodbye,
) -> None:
    assert [line.author.name for line in lines_of(goodbye.card)] == [
        "Amir",
        "Noor",
        "Daan",
        "Fleur",
    ]
    for stay in (goodbye.noor, goodbye.amir):
        goodbye.read(goodbye.write(stay))
    write_text(card=goodbye.card, way="typed", text="Zo trots.", worker=goodbye.worker)
    assert not progress_of(lines_of(goodbye.card)).is_complete
    write_text(card=goodbye.card, way="pen", worker=goodbye.colleague)
    assert progress_of(lines_of(goodbye.card)).is_complete


@pytest.mark.req("R-184")
def test_who_writes_with_a_pen_counts_and_who_rather_writes_nothing_holds_nothing_up(
    goodbye: Goodbye,
) -> None:
    write_text(card=goodbye.card, way="pen", stay=goodbye.noor.pk)
    write_text(card=goodbye.card, way="pass", stay=goodbye.amir.pk)
    progress = progress_of(lines_of(goodbye.card))
    assert (progress.circles, progress.missing) == (1, 2)
    assert progress.is_bare, "a card with one text is warned of"


@pytest.mark.req("R-185")
def test_words_count_once_a_worker_has_read_them_and_again_after_every_change(
    goodbye: Goodbye,
) -> None:
    text = goodbye.write(goodbye.noor)
    assert goodbye.standing(goodbye.noor) == Standing.TO_READ
    goodbye.read(text)
    assert goodbye.standing(goodbye.noor) == Standing.ON_THE_CARD
    goodbye.write(goodbye.noor, "Iets heel anders.", version=1)
    assert goodbye.standing(goodbye.noor) == Standing.TO_READ


@pytest.mark.req("R-185")
def test_what_changed_while_a_worker_read_it_is_read_again(goodbye: Goodbye) -> None:
    text = goodbye.write(goodbye.noor)
    goodbye.write(goodbye.noor, "Iets heel anders.", version=1)
    with broken("changed_meanwhile"):
        put_on_the_card(text=text, version=text.version, by=goodbye.worker)


@pytest.mark.req("R-185")
def test_a_text_sent_back_is_written_anew_by_its_author(goodbye: Goodbye) -> None:
    text = goodbye.write(goodbye.noor)
    with broken("word_needed"):
        send_back(text=text, version=1, word=" ", by=goodbye.worker)
    send_back(text=text, version=1, word="Dit kan pijn doen.", by=goodbye.worker)
    assert "Dit kan pijn doen." in str(export_person(person_of(goodbye.noor), OWN))
    assert goodbye.standing(goodbye.noor) == Standing.BACK
    assert waiting(goodbye.noor.participant.user, "farewell_write")
    goodbye.write(goodbye.noor, "Ik ga je missen.", version=1)
    assert goodbye.standing(goodbye.noor) == Standing.TO_READ


@pytest.mark.req("R-185")
def test_the_card_is_not_given_while_a_text_waits_to_be_read(goodbye: Goodbye) -> None:
    text = goodbye.write(goodbye.noor)
    with clock.travel(clock.at(LAST, 20)):
        with broken("read_first"):
            give_card(card=goodbye.card, by=goodbye.worker)
        goodbye.read(text)
        assert give_card(card=goodbye.card, by=goodbye.worker).given_at == clock.now()


@pytest.mark.req("R-184")
def test_it_is_never_seen_early_nor_given_before_the_last_meeting_begins(goodbye: Goodbye) -> None:
    goodbye.read(goodbye.write(goodbye.noor))
    own = goodbye.casey.participant.user
    with broken("too_early"):
        give_card(card=goodbye.card, by=goodbye.worker)
    assert not FarewellCard.objects.visible_to(own)
    assert not FarewellCard.objects.writing_visible_to(own)
    assert "Je luistert echt." not in str(export_person(person_of(goodbye.casey), OWN))
    with clock.travel(clock.at(LAST, 19)):
        give_card(card=goodbye.card, by=goodbye.worker)
    assert FarewellCard.objects.visible_to(own).get() == goodbye.card
    assert "Je luistert echt." in str(export_person(person_of(goodbye.casey), OWN))


@pytest.mark.req("R-184")
@pytest.mark.parametrize(
    ("starts", "left", "allowed"), [(0, False, True), (1, False, False), (1, True, True)]
)
def test_the_moment_at_which_a_card_may_be_given(starts: int, left: bool, allowed: bool) -> None:
    now = clock.at(TODAY, 19)
    last = now + timedelta(minutes=starts)
    assert may_be_given(last_starts_at=last, has_left=left, now=now) is allowed
    assert may_be_given(last_starts_at=None, has_left=False, now=now) is False


def test_given_by_mistake_is_taken_back_on_the_same_day_only(goodbye: Goodbye) -> None:
    goodbye.read(goodbye.write(goodbye.noor))
    with clock.travel(clock.at(LAST, 21)):
        give_card(card=goodbye.card, by=goodbye.worker)
        with broken("closed"):
            goodbye.write(goodbye.amir)
        assert not_given_yet(card=goodbye.card, by=goodbye.worker).given_at is None
        give_card(card=goodbye.card, by=goodbye.worker)
    with clock.travel(clock.at(LAST + timedelta(days=1), 4)), broken("stays_given"):
        not_given_yet(card=goodbye.card, by=goodbye.worker)


def test_who_stays_after_all_is_written_nothing_and_later_the_same_card_goes_on(
    goodbye: Goodbye,
) -> None:
    goodbye.write(goodbye.noor)
    stay_after_all(trajectory=goodbye.casey, by=goodbye.worker)
    assert not FarewellCard.objects.writing_visible_to(goodbye.amir.participant.user)
    with broken("closed"):
        goodbye.write(goodbye.amir)
    meeting = world.make_meeting(goodbye.casey.group, LAST + timedelta(days=14))  # type: ignore[arg-type]
    agree_last_meeting(trajectory=goodbye.casey, meeting=meeting, by=goodbye.worker)
    assert start_card(trajectory=goodbye.casey, by=goodbye.colleague) == goodbye.card
    assert goodbye.standing(goodbye.noor) == Standing.TO_READ


def test_put_away_and_taken_out_again_loses_nothing(goodbye: Goodbye) -> None:
    goodbye.write(goodbye.noor)
    put_card_away(card=goodbye.card, by=goodbye.worker)
    with broken("closed"):
        goodbye.write(goodbye.amir)
    with clock.travel(clock.at(LAST, 20)), broken("put_away"):
        give_card(card=goodbye.card, by=goodbye.worker)
    take_out_again(card=goodbye.card, by=goodbye.worker)
    assert goodbye.standing(goodbye.noor) == Standing.TO_READ


def test_two_tabs_of_one_author_never_overwrite_each_other_silently(goodbye: Goodbye) -> None:
    goodbye.write(goodbye.noor)
    with broken("changed_meanwhile"):
        goodbye.write(goodbye.noor, "Uit een ander tabblad.", version=None)
    assert goodbye.write(goodbye.noor, version=None).version == 1, "the same words: nothing to do"


def test_on_the_phone_that_goes_round_nobody_writes_over_what_stands(goodbye: Goodbye) -> None:
    goodbye.write(goodbye.noor)
    with broken("written_already"):
        goodbye.write(goodbye.noor, "Grapje.", only_once=True)


def test_a_round_ends_at_four_in_the_night_or_when_another_begins(goodbye: Goodbye) -> None:
    first = start_round(card=goodbye.card, by=goodbye.worker)
    second = start_round(card=goodbye.card, by=goodbye.colleague)
    first.refresh_from_db()
    assert not first.is_going(clock.now())
    assert second.is_going(clock.at(TODAY + timedelta(days=1), 3))
    assert not second.is_going(clock.at(TODAY + timedelta(days=1), 4))


@pytest.mark.parametrize("text", ["", "  ", "x" * 161])
def test_nothing_and_too_much_are_refused(goodbye: Goodbye, text: str) -> None:
    with pytest.raises(RuleBroken):
        goodbye.write(goodbye.noor, text)
    assert not FarewellText.objects.exists()


def test_who_is_blocked_is_not_asked_and_their_words_are_not_used(goodbye: Goodbye) -> None:
    goodbye.read(goodbye.write(goodbye.noor))
    Trajectory.objects.filter(pk=goodbye.noor.pk).update(blocked_reason="parent_withdrew")
    assert "Noor" not in [line.author.name for line in lines_of(goodbye.card)]
    assert not FarewellCard.objects.writing_visible_to(goodbye.noor.participant.user)


def test_a_worker_who_stays_out_of_the_author_does_not_read_that_text(goodbye: Goodbye) -> None:
    text = goodbye.write(goodbye.noor)
    said = Recusal.Said.WORKER
    recuse(trajectory=goodbye.noor, worker=goodbye.worker, by=goodbye.worker, said_by=said)
    lines = lines_of(goodbye.card)
    assert not texts_to_read(lines, out_of(goodbye.worker))
    with broken("colleague_reads"):
        goodbye.read(text)
    assert texts_to_read(lines, out_of(goodbye.colleague)) == [text]


@pytest.mark.req("R-184")
def test_its_words_are_never_part_of_a_message(goodbye: Goodbye) -> None:
    """Whatever is done with a card writes no message: nothing of it reaches a shared mailbox."""
    before = Message.objects.count()
    send_back(
        text=goodbye.write(goodbye.noor), version=1, word="Kan het liever?", by=goodbye.worker
    )
    goodbye.read(goodbye.write(goodbye.amir))
    goodbye.read(goodbye.write(goodbye.noor, "Dag lieve Casey.", version=1))
    with clock.travel(clock.at(LAST, 21)):
        give_card(card=goodbye.card, by=goodbye.worker)
    assert Message.objects.count() == before


def test_workers_hear_when_to_begin_read_and_give(goodbye: Goodbye) -> None:
    group, since = goodbye.casey.group, TODAY - timedelta(days=90)
    other = world.make_participating(group, since=since, age=17, call_name="Sam")  # type: ignore[arg-type]
    world.hold_exit_talk(other, by=goodbye.worker)
    meeting = goodbye.casey.last_meeting.meeting
    agree_last_meeting(trajectory=other, meeting=meeting, by=goodbye.worker)
    assert [todo.stay_id for todo in waiting(goodbye.worker, "farewell_start")] == [other.pk]
    text = goodbye.write(goodbye.noor)
    assert [todo.stay_id for todo in waiting(goodbye.worker, "farewell_read")] == [goodbye.casey.pk]
    goodbye.read(text)
    assert not waiting(goodbye.worker, "farewell_read")
    with clock.travel(clock.at(LAST, 18)):
        assert goodbye.casey.pk in [t.stay_id for t in waiting(goodbye.worker, "farewell_give")]


def test_erasing_takes_own_words_and_the_own_card(goodbye: Goodbye) -> None:
    goodbye.write(goodbye.noor)
    goodbye.write(goodbye.amir)
    erase_person(person_of(goodbye.noor), None)
    assert [text.by_stay_id for text in FarewellText.objects.all()] == [goodbye.amir.pk]
    erase_person(person_of(goodbye.casey), None)
    assert not FarewellCard.objects.exists()
    assert not FarewellText.objects.exists()


def person_of(stay: Trajectory) -> Person:
    contact = stay.participant.contact_id
    return Person(stay.participant_id, (stay.pk,), contact, (contact,))


@pytest.mark.req("R-184")
@pytest.mark.parametrize("way", ["pass", "pen"])
def test_typed_words_stay_with_their_author_who_rather_writes_nothing_or_with_a_pen(
    goodbye: Goodbye, way: str
) -> None:
    """Nothing that was typed is lost by a tap, and nobody else reads it."""
    text = goodbye.write(goodbye.noor, "Ik vond je altijd aardig.")
    goodbye.read(text)
    put = write_text(
        card=goodbye.card, way=way, text=text.text, version=text.version, stay=goodbye.noor.pk
    )
    goodbye.read(goodbye.write(goodbye.amir, "Tot gauw."))
    assert put.text == "Ik vond je altijd aardig."
    with clock.travel(clock.at(LAST, 20)):
        give_card(card=goodbye.card, by=goodbye.worker)
    assert put.text not in {one.text for one in words_of(goodbye.card)}
    assert put.text not in str(export_person(person_of(goodbye.casey), OWN))


def test_a_pen_of_a_worker_prints_no_words_that_were_typed(goodbye: Goodbye) -> None:
    """A worker's words need no reading, so only how they stand keeps them off the card."""
    typed = write_text(card=goodbye.card, way="typed", text="Dag Casey!", worker=goodbye.worker)
    write_text(
        card=goodbye.card,
        way="pen",
        text=typed.text,
        version=typed.version,
        worker=goodbye.worker,
    )
    assert [one.text for one in words_of(goodbye.card)] == [""]
    with clock.travel(clock.at(LAST, 20)):
        give_card(card=goodbye.card, by=goodbye.worker)
    assert typed.text not in str(export_person(person_of(goodbye.casey), OWN))


@pytest.mark.req("R-184")
def test_on_the_phone_that_goes_round_typed_words_are_not_put_aside(goodbye: Goodbye) -> None:
    """Nobody finds them back there: give them along, or empty the box first."""
    for way in ("pass", "pen"):
        with broken("words_stand"):
            write_text(
                card=goodbye.card, way=way, text="Dag!", stay=goodbye.noor.pk, only_once=True
            )
    back = goodbye.write(goodbye.noor, "Zonder jou is er niks aan, doei.")
    send_back(text=back, version=back.version, word="Kan dat anders?", by=goodbye.worker)
    write_text(card=goodbye.card, way="pass", stay=goodbye.noor.pk, only_once=True)
    back.refresh_from_db()
    assert (back.way, back.text) == ("pass", "Zonder jou is er niks aan, doei.")


def test_given_after_midnight_is_taken_back_until_that_night_ends(goodbye: Goodbye) -> None:
    goodbye.read(goodbye.write(goodbye.noor))
    night = LAST + timedelta(days=1)
    with clock.travel(clock.at(night, 0, 30)):
        give_card(card=goodbye.card, by=goodbye.worker)
    goodbye.card.refresh_from_db()
    with clock.travel(clock.at(night, 5)):
        assert not may_be_taken_back(goodbye.card)
        with broken("stays_given"):
            not_given_yet(card=goodbye.card, by=goodbye.worker)
    with clock.travel(clock.at(night, 3)):
        assert may_be_taken_back(goodbye.card)
