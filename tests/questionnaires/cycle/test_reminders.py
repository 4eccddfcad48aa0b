"""When a wave writes: the next day in daytime, twice again, never to somebody in peace."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from core.clock import AMSTERDAM, at, travel
from core.messaging.models import Message
from core.messaging.outbox import withdraw
from core.messaging.rendering import render
from core.messaging.sending import why_not
from core.ports import About, Todo
from participants.models import Hold, Trajectory
from questionnaires.answers import later
from questionnaires.answers.answering import save_answer, submit
from questionnaires.cycle import reminders
from questionnaires.cycle.reminders import (
    MESSAGE,
    REMINDER,
    message_wanted,
    still_asked,
    text_by_hand,
)
from questionnaires.models import Invitation
from questionnaires.todos import RULES
from tests import world
from tests.questionnaires.build import make_invitation

TUESDAY = date(2026, 3, 10)  # a school day
DAY = timedelta(days=1)


def messages() -> QuerySet[Message]:
    return Message.objects.order_by("not_before", "written_at")


def leave(day: date) -> None:
    """What waits on `day` leaves, as the sender would do when it is still wanted."""
    for message in Message.objects.filter(state="queued", not_before__lt=at(day + DAY)):
        message.state = "withdrawn" if why_not(message) else "sent"
        message.save(update_fields=["state"])


def live(first: date, days: int, each: Callable[[date], None] = lambda _: None) -> list[date]:
    """Days pass, the sweep runs twice a day and the sender once; the days on which mail left."""
    for n in range(days):
        day = first + n * DAY
        for hour in (0, 22):
            with travel(at(day, hour, 5)):
                world.swept("wave_messages", day=day)
        with travel(at(day, 19)):
            leave(day)
            each(day)
    return [m.not_before.astimezone(AMSTERDAM).date() for m in messages().filter(state="sent")]


@pytest.fixture
def tuesday(instrument: Any) -> Any:
    with travel(at(TUESDAY, 12)):
        yield TUESDAY


def todos(user: Any) -> list[Todo]:
    return world.asked(RULES, user)


def person(age: int = 20, **fields: Any) -> Trajectory:
    return world.make_trajectory(group=world.make_group(), age=age, **fields)


@pytest.mark.req("R-207")
def test_the_message_leaves_the_next_day_and_reminders_two_and_five_days_later(
    tuesday: date,
) -> None:
    make_invitation(person())
    assert live(tuesday, 9) == [tuesday + n * DAY for n in (1, 3, 6)]
    assert [m.template for m in messages()] == ["wave_interim", "wave_reminder", "wave_reminder"]


def test_nobody_is_mailed_on_the_evening_itself_nor_after_an_undo(tuesday: date) -> None:
    wave = make_invitation(person(), "exit")
    with travel(at(tuesday, 22)):
        assert world.swept("wave_messages", day=tuesday) == 0
    Invitation.objects.filter(pk=wave.pk).update(state="withdrawn")
    assert live(tuesday, 4) == []


@pytest.mark.parametrize(("age", "hour"), [(14, 16), (17, 16), (18, 9), (25, 9)])
def test_under_18_on_school_days_it_waits_until_four(tuesday: date, age: int, hour: int) -> None:
    make_invitation(person(age))
    wednesday = tuesday + DAY
    with travel(at(wednesday, 0, 5)):
        world.swept("wave_messages", day=wednesday)
    assert messages().get().not_before == at(wednesday, hour)


def test_a_sweep_at_night_never_mails_at_night(tuesday: date) -> None:
    make_invitation(person())
    with travel(at(tuesday + DAY, 22, 30)):
        world.swept("wave_messages", day=tuesday + DAY)
    assert messages().get().not_before == at(tuesday + 2 * DAY, 9)


def test_two_sweeps_write_one_row(tuesday: date) -> None:
    make_invitation(person())
    with travel(at(tuesday + DAY, 9)):
        assert [world.swept("wave_messages", day=tuesday + DAY) for _ in range(3)] == [1, 0, 0]
    assert messages().count() == 1


def test_a_week_without_a_sweep_is_caught_up_without_a_flood(tuesday: date) -> None:
    make_invitation(person())
    first = tuesday + 9 * DAY
    assert live(first, 12) == [first, first + 2 * DAY, first + 5 * DAY]


@pytest.mark.parametrize("choose", [later.ask_tomorrow, later.leave_alone])
def test_a_choice_made_while_the_messages_are_written_is_followed(
    tuesday: date, choose: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has seen that this one is due, and then the young person chose."""
    wave = make_invitation(person())
    write = reminders._write

    def and_meanwhile(*about: Any, **more: Any) -> None:
        choose(invitation=wave, by=wave.trajectory.participant.user)
        write(*about, **more)

    monkeypatch.setattr(reminders, "_write", and_meanwhile)
    with travel(at(tuesday + DAY, 9)):
        world.swept("wave_messages", day=tuesday + DAY)
    assert not messages().exists()
    wave.refresh_from_db()
    assert (wave.remind_on, wave.left_alone_on) in (
        (tuesday + 2 * DAY, None),
        (None, tuesday + DAY),
    )


@pytest.mark.parametrize("after", range(7))
def test_an_answer_stops_everything(tuesday: date, after: int) -> None:
    wave = make_invitation(person())
    by = wave.trajectory.participant.user

    def answer(day: date) -> None:
        if day == tuesday + after * DAY:
            save_answer(invitation=wave, number=1, value=1, by=by)
            submit(invitation=wave, by=by)

    sent = live(tuesday, 9, answer)
    assert sent == [tuesday + n * DAY for n in (1, 3, 6) if n <= after]


def test_it_is_asked_again_when_the_moment_comes(tuesday: date) -> None:
    wave = make_invitation(person())
    letter = {About(wave.pk, wave.pk)}
    for kind in (MESSAGE, REMINDER):
        assert message_wanted(kind, letter) == letter
    assert message_wanted("parental_request", letter) is None
    for state in ("answered", "missed", "closed", "withdrawn"):
        answered = tuesday if state == "answered" else None
        Invitation.objects.filter(pk=wave.pk).update(state=state, answered_on=answered)
        assert message_wanted(MESSAGE, letter) == set()


def test_a_wave_written_as_missed_gets_no_message(tuesday: date) -> None:
    make_invitation(person(), state="missed")
    assert live(tuesday, 4) == []


@pytest.mark.parametrize("kind", ["blocked", "paused", "held"])
def test_on_hold_nothing_is_sent_and_the_day_of_settlement_is_free(
    tuesday: date, kind: str
) -> None:
    wave = make_invitation(person())
    free = tuesday + 4 * DAY
    Hold.objects.create(trajectory=wave.trajectory, kind=kind, days=(tuesday + DAY, free))
    assert live(tuesday, 12) == [free + n * DAY for n in (0, 2, 5)]


def test_a_hold_that_begins_while_a_message_waits_delays_it(tuesday: date) -> None:
    wave = make_invitation(person(14))
    wednesday = tuesday + DAY
    with travel(at(wednesday, 0, 5)):
        world.swept("wave_messages", day=wednesday)
    Hold.objects.create(
        trajectory=wave.trajectory, kind="paused", days=(wednesday, wednesday + 2 * DAY)
    )
    sent = live(wednesday, 4)
    assert sent == [wednesday + 2 * DAY]


def test_send_nothing_more_is_obeyed(tuesday: date) -> None:
    wave = make_invitation(person())
    contact = wave.trajectory.participant.contact
    contact.stopped_at = at(tuesday, 13)
    contact.save()
    assert live(tuesday, 4) == []
    assert still_asked([wave.pk]) == set()


def test_reminders_of_the_start_wait_until_a_first_date_is_known(tuesday: date) -> None:
    stay = person(phase="intake")
    make_invitation(stay, "baseline")
    assert live(tuesday, 9) == [tuesday + DAY]
    world.seat(stay, first_day=tuesday + 14 * DAY, trial=True)
    first = tuesday + 9 * DAY
    assert live(first, 9) == [tuesday + DAY, first, first + 3 * DAY]


def test_tomorrow_is_one_message_tomorrow(tuesday: date) -> None:
    wave = make_invitation(person())

    def put_off(day: date) -> None:
        if day == tuesday + DAY:
            later.ask_tomorrow(invitation=wave, by=wave.trajectory.participant.user)

    assert live(tuesday, 8, put_off) == [tuesday + n * DAY for n in (1, 2, 5)]


def test_tomorrow_before_the_message_left_moves_it(tuesday: date) -> None:
    wave = make_invitation(person())
    with travel(at(tuesday + DAY, 0, 5)):
        world.swept("wave_messages", day=tuesday + DAY)
    with travel(at(tuesday + DAY, 8)):
        later.ask_tomorrow(invitation=wave, by=wave.trajectory.participant.user)
    assert live(tuesday + DAY, 3) == [tuesday + 2 * DAY]


def test_rather_not_stops_the_reminders_and_leaves_the_wave_open(tuesday: date) -> None:
    wave = make_invitation(person())

    def rather_not(day: date) -> None:
        if day == tuesday + DAY:
            later.leave_alone(invitation=wave, by=wave.trajectory.participant.user)

    assert live(tuesday, 12, rather_not) == [tuesday + DAY]
    assert Invitation.objects.get().state == "open"


@pytest.mark.req("R-207")
def test_without_safe_mail_the_worker_gets_a_ready_text(tuesday: date) -> None:
    stay = person(email="")
    make_invitation(stay)
    with travel(at(tuesday + DAY, 9)):
        world.swept("wave_messages", day=tuesday + DAY)
    message = messages().get()
    assert (message.channel, message.group) == (Message.Channel.WORKER_TEXT, stay.group)
    with travel(at(tuesday + 20 * DAY, 9)):
        assert world.swept("wave_messages", day=tuesday + 20 * DAY) == 0  # one text waits; no pile


@pytest.mark.parametrize("people", [1, 8])
def test_looking_for_what_is_due_costs_one_query(
    tuesday: date, people: int, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        make_invitation(person())
    with django_assert_num_queries(1):
        world.swept("wave_messages", day=tuesday)


# ---- what the worker sees -----------------------------------------------------------


@pytest.mark.req("R-207")
def test_after_the_last_reminder_the_worker_gets_a_text_to_send(
    client: Client, tuesday: date
) -> None:
    wave = make_invitation(person(call_name="Casey"))
    worker = world.make_worker(wave.trajectory.group)
    live(tuesday, 7)
    with travel(at(tuesday + 6 * DAY, 20)):
        assert not todos(worker)
    with travel(at(tuesday + 7 * DAY, 9)):
        (todo,) = todos(worker)
        assert "Casey" in todo.title
        assert "10 maart" in todo.reason
        client.force_login(worker)
        page = client.get(todo.url).content.decode()
        assert "je vragenlijst met 22 vragen staat nog klaar" in page
        assert reverse("questionnaires:who_reads", args=[wave.pk]) in page
        assert not todos(world.make_worker(world.make_group()))
        assert not todos(world.make_coordinator(wave.trajectory.group.location.region))
        by = wave.trajectory.participant.user
        save_answer(invitation=wave, number=1, value=1, by=by)
        submit(invitation=wave, by=by)
        assert not [t for t in todos(worker) if t.kind == "questionnaire_silent"]


@pytest.mark.req("R-207")
@pytest.mark.parametrize("fact", ["blocked_reason", "phase", "follow_up_waived"])
def test_no_text_lies_ready_for_who_should_not_be_written_to(tuesday: date, fact: str) -> None:
    wave = make_invitation(person())
    page = reverse("questionnaires:ready_text", args=[wave.pk])
    worker = world.eyes(world.make_worker(wave.trajectory.group))
    link = reverse("questionnaires:who_reads", args=[wave.pk])
    assert link in worker.get(page).content.decode()
    facts = {
        "blocked_reason": "parent_withdrew",
        "phase": "paused",
        "follow_up_waived": "contact_refused",
    }
    setattr(wave.trajectory, fact, facts[fact])
    wave.trajectory.save(update_fields=[fact])
    assert link not in worker.get(page).content.decode()


def test_the_text_is_the_workers_only(client: Client, tuesday: date) -> None:
    wave = make_invitation(person())
    address = reverse("questionnaires:ready_text", args=[wave.pk])
    group = wave.trajectory.group
    for user, status in (
        (world.make_worker(group), 200),
        (world.make_coordinator(group.location.region), 403),
        (wave.trajectory.participant.user, 403),
        (world.make_worker(world.make_group()), 404),
        (world.make_manager(group.location.organisation), 404),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status


@pytest.mark.parametrize(("kind", "urgency"), [("exit", 1), ("interim", 2), ("baseline", 1)])
def test_the_participant_finds_the_open_wave_at_once(
    tuesday: date, kind: str, urgency: int
) -> None:
    wave = make_invitation(person(), kind)
    (todo,) = todos(wave.trajectory.participant.user)
    assert (todo.urgency, todo.url) == (
        urgency,
        reverse("questionnaires:who_reads", args=[wave.pk]),
    )
    Invitation.objects.update(state="missed")
    assert not todos(wave.trajectory.participant.user)


# ---- the words -----------------------------------------------------------------------

SUBJECTS = {
    "baseline": "18 korte vragen voordat je begint",
    "interim": "22 korte vragen: hoe gaat het met je?",
    "exit": "22 korte vragen over je tijd bij Join Us",
    "follow_up": "Hoe gaat het nu met je?",
}


@pytest.mark.req("R-208")
def test_mails_and_ready_texts_lead_to_the_web_app_and_ask_nothing_themselves(
    tuesday: date,
) -> None:
    wave = make_invitation(person())
    live(tuesday, 4)
    texts = [render(m).text for m in messages()] + [text_by_hand(wave)]
    assert len(texts) == 3
    questions = [q for item in wave.instrument.items.all() for q in (item.text_nl, item.text_en)]
    assert questions
    for text in texts:
        assert reverse("questionnaires:who_reads", args=[wave.pk]) in text
        assert not [q for q in questions if q in text]


@pytest.mark.req("R-022")
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_mail_reads_well_in_both_languages(tuesday: date, kind: str, language: str) -> None:
    stay = person(call_name="Bo *de* Wit")
    contact = stay.participant.contact
    contact.language = language
    contact.save()
    if kind == "baseline":
        world.seat(stay, first_day=tuesday)
    wave = make_invitation(stay, kind)
    live(tuesday, 4)
    first, reminder = (render(m) for m in messages())
    if language == "nl":
        assert first.subject == SUBJECTS[kind]
        assert reminder.subject == "Je vragenlijst staat nog klaar"
        assert "Morgen" in reminder.text
        assert "Liever niet" in reminder.text
    for mail in (first, reminder):
        assert "Bo *de* Wit" in mail.text
        assert settings.SITE_URL + reverse("questionnaires:who_reads", args=[wave.pk]) in mail.text
        assert "/vragen/morgen/" in mail.html
        assert "/vragen/liever-niet/" in mail.html
        assert "Bo" not in mail.subject
        for word in ("eenza", "lonel", "%(", "{{"):
            assert word not in (mail.subject + mail.text + mail.html).lower()
    with override(language):
        assert contact.language == language


def test_a_withdrawn_row_is_not_counted_as_sent(tuesday: date) -> None:
    wave = make_invitation(person())
    with travel(at(tuesday + DAY, 8)):
        world.swept("wave_messages", day=tuesday + DAY)
        withdraw(kind=MESSAGE, subject_id=wave.pk, reason="mistake")
        assert world.swept("wave_messages", day=tuesday + DAY) == 1
    assert messages().filter(state="queued").count() == 1
