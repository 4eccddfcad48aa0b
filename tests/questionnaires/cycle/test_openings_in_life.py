"""R-351 through the real actions: the smallest histories of findings/cycle.md 1, day by day.

Each Tuesday is an evening; the sweep runs by itself, the mails leave by themselves.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.clock import at, travel
from core.ids import uuid7
from core.messaging.models import Message
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.leaving import stay_after_all
from groups.models import Meeting
from groups.sheet.attendance import Tap, record
from questionnaires.answers import answering, later
from questionnaires.cycle import cycle
from questionnaires.cycle.reminders import REMINDER
from questionnaires.models import Draft, Invitation, Response
from tests import world
from tests.questionnaires.answers.test_pages import text_of
from tests.questionnaires.mailed import Post, live

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-351")]

FIRST = date(2026, 1, 6)  # a Tuesday
DAY = timedelta(days=1)
STEPS = ("waves", "wave_messages")
HOURS = ((12, 0), (22, 5))  # the evening ends at ten


def nth(number: int) -> date:
    return FIRST + (number - 1) * 7 * DAY


class Life:
    """Casey, twenty, in a group with an evening each week; what happens, happens at an hour."""

    def __init__(self, came: int = 4) -> None:
        self.post = Post()
        self.day = nth(came)
        self.versions: dict[date, int] = {}
        with travel(at(FIRST - 30 * DAY)):
            self.group = world.make_group()
            self.worker = world.make_worker(self.group)
            self.stay = world.make_trajectory(
                group=self.group,
                age=20,
                call_name="Casey",
                suitable=True,
                screened_on=FIRST - 30 * DAY,
                consent_complete_on=FIRST - 30 * DAY,
                definitive_on=FIRST,
            )
            world.seat(self.stay, self.group, first_day=FIRST)
            self.evenings = {nth(n): world.make_meeting(self.group, nth(n)) for n in range(1, 25)}
        for n in range(1, came + 1):
            self.at(nth(n), 20, self.came)
        self.on(self.day, 23, lambda: cycle.refresh([self.stay.pk]))
        Message.objects.all().delete()  # what was asked at the start is another story

    def at(self, day: date, hour: int, act: Callable[[Meeting], object]) -> None:
        with travel(at(day, hour)):
            act(self.evenings[day])

    def on(self, day: date, hour: int, act: Callable[[], object]) -> None:
        """Something happens: until then the days pass by themselves."""
        self.until(day)
        with travel(at(day, hour)):
            act()
            self.stay.refresh_from_db()

    def until(self, day: date) -> None:
        """Until the end of the day before."""
        if self.day < day:
            live(self.post, self.day, (day - self.day).days, steps=STEPS, hours=HOURS)
            self.day = day

    def came(self, meeting: Meeting, state: str = "present") -> None:
        version = self.versions.get(meeting.date, 0)
        record(
            meeting=meeting,
            taps=[Tap(uuid7(), self.stay.pk, state, version)],
            by=self.worker,
        )
        self.versions[meeting.date] = version + 1

    def agree(self, day: date) -> None:
        meeting = self.evenings[day]
        agree_last_meeting(trajectory=self.stay, meeting=meeting, by=self.worker)

    def stays(self) -> None:
        stay_after_all(trajectory=self.stay, by=self.worker, reason="Wil toch blijven")

    def opening(self, wave: str, number: int) -> Invitation:
        return Invitation.objects.get(trajectory=self.stay, wave=wave, opening=number)

    def mailed(self, wave: Invitation) -> list[date]:
        return self.post.days(wave)

    def silent(self, day: date) -> list[str]:
        self.until(day)
        with travel(at(day, 12)):
            found = world.waiting(self.worker, "questionnaire_silent")
            return [str(todo.reason) for todo in found]


def three_after(day: date) -> list[date]:
    return [day + n * DAY for n in (1, 3, 6)]


@pytest.fixture
def life(instrument: Any) -> Life:
    return Life()


@pytest.fixture
def two_goodbyes(life: Life) -> Life:
    """A goodbye on 3 February that is mailed about, "stays after all" ten days later."""
    life.on(date(2026, 1, 28), 10, lambda: life.agree(nth(5)))
    life.on(nth(5), 20, lambda: life.came(life.evenings[nth(5)]))
    return life


def real_goodbye(life: Life) -> Invitation:
    life.on(nth(5) + 10 * DAY, 10, life.stays)
    day = nth(20)  # 19 May
    life.day = day - 7 * DAY  # nothing happens in spring
    life.on(day - 6 * DAY, 10, lambda: life.agree(day))
    life.until(day + DAY)
    return life.opening("exit", 2)


def test_two_goodbyes(two_goodbyes: Life) -> None:
    life = two_goodbyes
    life.until(nth(5) + 8 * DAY)
    first = life.opening("exit", 1)
    assert life.mailed(first) == three_after(nth(5))
    new = real_goodbye(life)
    first.refresh_from_db()
    assert (first.state, new.state, new.opened_on) == ("withdrawn", "open", nth(20))
    assert life.mailed(new) == [], "nothing on the day it opens"
    for n in range(1, 7):
        assert life.silent(nth(20) + n * DAY) == [], "nothing was sent yet, or not everything"
    (says,) = life.silent(nth(20) + 7 * DAY)
    assert "Open sinds 19 mei; er gingen een mail en twee herinneringen heen" in says
    assert life.mailed(new) == three_after(nth(20))
    assert life.mailed(first) == three_after(nth(5))


def test_sixth_slip(instrument: Any) -> None:
    life = Life(came=5)
    sixth, true = nth(6), nth(9)
    life.on(sixth, 20, lambda: life.came(life.evenings[sixth]))
    life.until(sixth + 2 * DAY)
    slip = life.opening("interim", 1)
    assert life.mailed(slip) == [sixth + DAY]
    life.on(
        sixth + 2 * DAY, 10, lambda: life.came(life.evenings[sixth], state="absent_with_notice")
    )
    slip.refresh_from_db()
    assert slip.state == "withdrawn"
    life.on(true, 20, lambda: life.came(life.evenings[true]))
    life.until(true + 8 * DAY)
    new = life.opening("interim", 2)
    assert life.mailed(slip) == [sixth + DAY]
    assert life.mailed(new) == three_after(true)


def test_moved_exit(two_goodbyes: Life) -> None:
    """Comes again two weeks after the last evening: a new day, a new opening, and no to-do."""
    life = two_goodbyes
    again = nth(7)
    life.on(again, 20, lambda: life.came(life.evenings[again]))
    first = life.opening("exit", 1)
    assert (first.state, life.mailed(first)) == ("withdrawn", three_after(nth(5)))
    life.until(again + DAY)
    new = life.opening("exit", 2)
    assert (new.state, new.opened_on) == ("open", again)
    for n in range(1, 6):
        assert life.silent(again + n * DAY) == []
    life.until(again + 8 * DAY)
    assert life.mailed(new) == three_after(again)


def test_old_draft(two_goodbyes: Life, client: Client) -> None:
    life = two_goodbyes
    casey = life.stay.participant.user
    life.until(nth(5) + DAY)
    first = life.opening("exit", 1)
    five = dict.fromkeys(range(1, 6), 1)
    life.on(
        nth(5) + DAY,
        17,
        lambda: answering.save_answers(invitation=first, values=five, by=casey),
    )
    new = real_goodbye(life)
    with travel(at(nth(20) + DAY, 17)):
        client.force_login(casey)
        page = client.get(reverse("questionnaires:who_reads", args=[new.pk]))
        assert "Je was eerder begonnen. Wat je toen invulde, is niet verstuurd." in text_of(page)
        with world.broken("nothing_answered"):
            answering.submit(invitation=new, by=casey)
        answering.save_answers(invitation=new, values={7: 2}, by=casey)
        answering.submit(invitation=new, by=casey)
    assert Response.objects.get().given() == {7: 2}
    kept = Draft.objects.get()
    assert (kept.pk, kept.given(), kept.partial) == (first.pk, five, True)


def test_a_ready_text_about_it_does_not_wait_for_the_worker(two_goodbyes: Life) -> None:
    """Without a mailbox: what was taken back is not in anybody's list, nor what was missed."""
    life = two_goodbyes
    contact = life.stay.participant.contact
    contact.safe_channels = []
    contact.save()
    life.until(nth(5) + 2 * DAY)
    texts = Message.objects.filter(subject_id=life.opening("exit", 1).pk)
    assert [(m.channel, m.state) for m in texts] == [("worker_text", "queued")]

    def waits() -> int:
        return len(world.waiting(life.worker, "message"))

    with travel(at(nth(5) + 2 * DAY, 12)):
        assert waits() == 1
        life.stays()
        assert waits() == 0
    assert texts.get().state == "withdrawn"


@pytest.mark.parametrize("choice", ["rather_not", "tomorrow"])
def test_left_alone_for_ever(two_goodbyes: Life, choice: str) -> None:
    life = two_goodbyes
    life.until(nth(5) + DAY)
    act = {"rather_not": later.leave_alone, "tomorrow": later.ask_tomorrow}[choice]
    first, by = life.opening("exit", 1), life.stay.participant.user
    life.on(nth(5) + DAY, 17, lambda: act(invitation=first, by=by))
    new = real_goodbye(life)
    life.until(nth(20) + 8 * DAY)
    assert life.mailed(new) == three_after(nth(20))
    assert (new.left_alone_on, new.remind_on) == (None, None)


def test_mail_on_the_day(life: Life) -> None:
    """Another last evening is agreed: nothing about it before it, nor on its day."""
    life.on(date(2026, 1, 28), 10, lambda: life.agree(nth(5)))
    life.on(nth(5), 20, lambda: life.came(life.evenings[nth(5)]))
    life.on(nth(5) + 4 * DAY, 10, lambda: life.agree(nth(6)))
    life.until(nth(6) + 8 * DAY)
    first, new = life.opening("exit", 1), life.opening("exit", 2)
    assert life.mailed(first) == [nth(5) + n * DAY for n in (1, 3)]
    assert life.mailed(new) == three_after(nth(6))
    assert nth(6) not in [day for _message, day in life.post.left]


def test_a_slip_undone_on_the_same_day_goes_on_with_the_same_answers(instrument: Any) -> None:
    """The same opening: the same row, its draft, no second first message, and no mail that day."""
    life = Life(came=5)
    sixth = nth(6)
    by = life.stay.participant.user
    life.on(sixth, 20, lambda: life.came(life.evenings[sixth]))
    life.until(sixth + DAY)
    wave = life.opening("interim", 1)
    given = {1: 2, 2: 2}
    life.on(sixth + DAY, 17, lambda: answering.save_answers(invitation=wave, values=given, by=by))
    slip = sixth + 3 * DAY
    life.on(slip, 7, lambda: life.came(life.evenings[sixth], state="absent_with_notice"))
    wave.refresh_from_db()
    assert (wave.state, Draft.objects.get().partial) == ("withdrawn", True)
    life.on(slip, 8, lambda: life.came(life.evenings[sixth]))
    wave.refresh_from_db()
    assert (wave.state, Draft.objects.get().partial) == ("open", False)
    assert Draft.objects.get().given() == given
    assert Invitation.objects.filter(wave="interim").count() == 1
    life.until(sixth + 9 * DAY)
    assert life.mailed(wave) == [sixth + DAY, slip + DAY, slip + 4 * DAY]


def test_an_undone_slip_mails_nobody_about_the_questionnaire_before_it(instrument: Any) -> None:
    """The start's list is asked again for an hour; a reminder of it could not be called back."""
    life = Life(came=5)
    sixth, slip = nth(6), nth(6) + 3 * DAY
    life.on(sixth, 20, lambda: life.came(life.evenings[sixth]))
    life.until(slip)
    baseline = life.opening("baseline", 1)
    Message.objects.filter(subject_id=baseline.pk, kind=REMINDER).delete()  # so one is due
    Invitation.objects.filter(pk=baseline.pk).update(no_message_before=None)
    before = len(life.mailed(baseline))
    life.on(slip, 8, lambda: life.came(life.evenings[sixth], state="absent_with_notice"))
    baseline.refresh_from_db()
    assert baseline.state == "open"
    for hour in (9, 10):
        life.on(slip, hour, lambda: (world.swept("wave_messages"), life.post.send()))
    life.on(slip, 11, lambda: life.came(life.evenings[sixth]))
    life.until(slip + 2 * DAY)
    assert len(life.mailed(baseline)) == before
    baseline.refresh_from_db()
    assert baseline.state == "missed"


def test_a_slip_that_stays_brings_the_reminder_of_the_one_before_a_day_later(
    instrument: Any,
) -> None:
    life = Life(came=5)
    sixth, slip = nth(6), nth(6) + 3 * DAY
    life.on(sixth, 20, lambda: life.came(life.evenings[sixth]))
    life.until(slip)
    baseline = life.opening("baseline", 1)
    Message.objects.filter(subject_id=baseline.pk, kind=REMINDER).delete()
    before = life.mailed(baseline)
    life.on(slip, 8, lambda: life.came(life.evenings[sixth], state="absent_with_notice"))
    life.until(slip + 2 * DAY)
    assert life.mailed(baseline) == [*before, slip + DAY]
