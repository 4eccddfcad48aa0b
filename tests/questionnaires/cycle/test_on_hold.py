"""One rule for every place that asks: who is shown, asked, written to and called (R-350)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.audit.log import opened
from core.messaging.models import Message
from core.messaging.sending import why_not
from joinus.home.closing.closing import comes_after
from participants.exit import aftercare
from participants.journey.route_map import route_of
from participants.models import Hold, Trajectory
from questionnaires.answers.answering import save_answers, say_about_talking, submit
from questionnaires.answers.answers_table import ASKS_FOR_A_TALK
from questionnaires.cycle import calls, on_hold, reminders
from questionnaires.instrument.instrument import read
from questionnaires.models import Invitation, Response
from tests import world
from tests.questionnaires.a_yes import Life, begin, block, unblock
from tests.questionnaires.answers.test_pages import text_of, url
from tests.questionnaires.build import make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-350")]
DAY = timedelta(days=1)
TUESDAY = date(2026, 3, 10)


@pytest.fixture
def tuesday(instrument: Any) -> Any:
    with clock.travel(clock.at(TUESDAY, 12)):
        yield TUESDAY


@pytest.fixture
def worker(stay: Trajectory) -> Any:
    return world.worker_of(stay)


def kinds(user: Any) -> set[str]:
    from joinus.home.waiting import todos_for

    return {str(todo.kind) for todo in todos_for(user)}


# ---- The rule ------------------------------------------------------------------------------


STATES: list[dict[str, Any]] = [
    {},
    {"blocked_reason": "parent_withdrew"},
    {"phase": "paused"},
    {"phase": "paused", "blocked_reason": "participation"},
    {"phase": "leaving"},
    {"phase": "leaving", "stopped_on": TUESDAY},
    {"phase": "former", "stopped_on": TUESDAY, "exited_on": TUESDAY, "exit_kind": "other"},
    {"phase": "former", "exited_on": TUESDAY, "exit_kind": "other", "blocked_reason": "privacy"},
]


@pytest.mark.parametrize("fields", STATES, ids=str)
def test_of_rows_and_of_a_stay_in_hand_it_is_the_same_rule(
    stay: Trajectory, wave: Invitation, fields: dict[str, Any]
) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(**fields)
    stay.refresh_from_db()
    for rows, way in ((Trajectory.objects.all(), ""), (Invitation.objects.all(), "trajectory")):
        assert rows.filter(on_hold.with_a_yes(way)).exists() is on_hold.has_a_yes(stay)
        assert rows.filter(on_hold.asked(way)).exists() is on_hold.is_asked(stay)
        written_to = rows.filter(on_hold.written_to(clock.today(), way)).exists()
        assert written_to is on_hold.is_asked(stay), "nobody asked for silence, nothing holds"
    if on_hold.has_a_yes(stay):
        on_hold.require_a_yes(stay)
    else:
        with pytest.raises(on_hold.NoYes):
            on_hold.require_a_yes(stay)


# ---- Asked: the own to-do and the start page -----------------------------------------------


def test_nobody_is_asked_on_the_own_page_and_no_page_leads_there() -> None:
    life = begin()
    assert "questionnaire" in kinds(life.user)
    assert url("who_reads", life.wave) in life.browser.get("/vandaag/").content.decode()
    life.take_back()
    assert "questionnaire" not in kinds(life.user)
    page = life.browser.get("/vandaag/")
    assert "/vragen/" not in page.content.decode()
    assert "vragenlijst" not in text_of(page)
    life.give_again()
    assert "questionnaire" in kinds(life.user)
    assert url("who_reads", life.wave) in life.browser.get("/vandaag/").content.decode()


@pytest.mark.parametrize("phase", ["leaving", "stopped", "former"])
def test_who_leaves_is_not_told_that_questions_come(
    casey: Client, stay: Trajectory, worker: Any, phase: str
) -> None:
    today = clock.today()
    fields: dict[str, Any] = {"phase": phase}
    if phase == "stopped":
        fields = {"phase": "leaving", "stopped_on": today}
    if phase == "former":
        fields |= {"exited_on": today, "ended_on": today, "exit_kind": "other"}
    Trajectory.objects.filter(pk=stay.pk).update(**fields)
    make_invitation(stay, "follow_up" if phase == "former" else "interim")
    block(stay)
    stay.refresh_from_db()
    assert "drie maanden" not in route_of(stay).now.lower()
    for address in ("/vandaag/", reverse("participants:onward")):
        page = casey.get(address)
        shown = text_of(page)
        assert page.status_code == 200
        assert "/vragen/" not in page.content.decode()
        for word in ("korte vragen", "dezelfde vragen", "vragen we", "vragenlijst"):
            assert word not in shown.lower(), address
    unblock(stay)
    shown = text_of(casey.get(reverse("participants:onward")))
    assert "dezelfde vragen" in shown.lower(), "as soon as the yes is there again"


def test_who_stops_while_blocked_is_promised_no_questions() -> None:
    life = begin()
    life.take_back()
    page = life.browser.post(reverse("groups:stop"), {"later": "yes"}, follow=True)
    shown = text_of(page)
    assert "Je bent gestopt" in shown
    assert "drie maanden" not in shown


# ---- Mailed --------------------------------------------------------------------------------


def test_nothing_is_written_and_what_waits_does_not_leave(
    tuesday: date, stay: Trajectory, wave: Invitation
) -> None:
    day = tuesday + DAY
    with clock.travel(clock.at(day, 9)):
        world.swept("wave_messages", day=day)
        message = Message.objects.get(subject_id=wave.pk)
        assert why_not(message) == ""
        block(stay)
        assert why_not(message)
        assert reminders.still_asked([wave.pk]) == set()
        Message.objects.all().delete()
        for n in range(9):
            world.swept("wave_messages", day=day + n * DAY)
        assert not Message.objects.exists()
        unblock(stay)
        world.swept("wave_messages", day=day)
        assert Message.objects.count() == 1


def test_the_worker_gets_no_text_to_send(
    client: Client, stay: Trajectory, wave: Invitation, worker: Any
) -> None:
    client.force_login(worker)
    page = reverse("questionnaires:ready_text", args=[wave.pk])
    assert "/vragen/" in client.get(page).content.decode()
    block(stay)
    shown = client.get(page)
    assert "/vragen/" not in shown.content.decode()
    assert "Geen berichtje nodig" in text_of(shown)


# ---- Called --------------------------------------------------------------------------------

LEFT = TUESDAY - 100 * DAY


@pytest.fixture
def former(tuesday: date, stay: Trajectory) -> Trajectory:
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="former", exited_on=LEFT, ended_on=LEFT, exit_kind="other", exit_reason="moved"
    )
    stay.refresh_from_db()
    return stay


def called(user: Any) -> bool:
    return bool(world.waiting(user, "aftercare"))


@pytest.mark.parametrize("answered", [False, True])
def test_nobody_is_called_about_a_questionnaire(
    client: Client, former: Trajectory, worker: Any, answered: bool
) -> None:
    wave = make_invitation(former, "follow_up", opened_on=TUESDAY - 20 * DAY)
    if answered:
        save_answers(invitation=wave, values={1: 2}, by=former.participant.user)
        submit(invitation=wave, by=former.participant.user)
    assert called(worker)
    client.force_login(worker)
    page = reverse("questionnaires:aftercare", args=[former.pk])
    assert "Bel Casey" in text_of(client.get(page))
    block(former)
    assert not called(worker)
    assert calls.of(former) is None
    shown = text_of(client.get(page))
    assert "Bel Casey" not in shown
    assert "Wacht op toestemming: Casey krijgt nu geen vragenlijst. Bel er ook niet over." in shown
    assert "Wacht op toestemming" in comes_after(former)
    unblock(former)
    assert called(worker)


def test_the_silence_begins_anew_with_the_yes(former: Trajectory, worker: Any) -> None:
    """Three weeks of which nobody could answer are no silence of theirs."""
    make_invitation(former, "follow_up", opened_on=TUESDAY - 30 * DAY)
    Hold.objects.create(
        trajectory=former, kind="blocked", days=(TUESDAY - 25 * DAY, TUESDAY - 4 * DAY)
    )
    assert not called(worker)
    with clock.travel(clock.at(TUESDAY + 9 * DAY, 12)):
        assert not called(worker)
    with clock.travel(clock.at(TUESDAY + 10 * DAY, 12)):
        (todo,) = world.waiting(worker, "aftercare")
        assert todo.since == TUESDAY + 10 * DAY


def test_a_block_of_long_ago_asks_for_no_call(former: Trajectory, worker: Any) -> None:
    """Nothing was asked yet, so nobody was silent."""
    Hold.objects.create(
        trajectory=former, kind="blocked", days=(TUESDAY - 90 * DAY, TUESDAY - 80 * DAY)
    )
    assert not called(worker)


def test_a_talk_that_was_agreed_is_no_question_about_a_list(
    former: Trajectory, worker: Any
) -> None:
    guide = aftercare.Guide("Ruzie.", "Zelf bellen.", "Iemand die meegaat.")
    aftercare.record_call(
        trajectory=former, outcome="support", guide=guide, again_on=TUESDAY + 7 * DAY, by=worker
    )
    block(former)
    with clock.travel(clock.at(TUESDAY + 7 * DAY, 12)):
        (todo,) = world.waiting(worker, "aftercare")
    assert "spraken af" in todo.reason
    assert "vragen" not in todo.reason


# ---- Talks -----------------------------------------------------------------------------------


def answered(wave: Invitation, values: dict[int, int], wants: bool | None) -> None:
    by = wave.trajectory.participant.user
    save_answers(invitation=wave, values=values, by=by)
    submit(invitation=wave, by=by)
    if wants is not None:
        say_about_talking(invitation=wave, wants=wants, by=by)


def test_what_the_answers_say_asks_for_no_talk(
    stay: Trajectory, wave: Invitation, worker: Any
) -> None:
    heavy = next(q for q in read(wave.instrument_id) if q.key in ASKS_FOR_A_TALK)
    answered(wave, {heavy.number: ASKS_FOR_A_TALK[heavy.key]}, None)
    assert "questionnaire_talk" in kinds(worker)
    block(stay)
    assert not kinds(worker) & {"questionnaire_talk", "talk_asked"}
    unblock(stay)
    assert "questionnaire_talk" in kinds(worker)


def test_who_asked_for_a_talk_is_not_forgotten_and_no_questionnaire_is_named() -> None:
    """They read "your youth workers will come to you": that stands, whatever a parent decides."""
    life = begin()
    answered(life.wave, {1: 2}, True)
    file = reverse("home:file", args=[life.stay.pk])
    with clock.travel(clock.now() + timedelta(minutes=1)):
        opened(life.worker, "file", [life.stay.pk])  # for something else, before the block
    with clock.travel(clock.now() + timedelta(minutes=2)):
        life.take_back()
        Hold.objects.filter(kind="blocked").update(from_at=clock.now())
        assert "questionnaire_talk" not in kinds(life.worker)
        (todo,) = world.waiting(life.worker, "talk_asked")
        assert (todo.url, todo.stay_id) == (file, life.stay.pk)
        assert "vragen" not in todo.title + todo.reason
    with clock.travel(clock.now() + timedelta(minutes=3)):
        assert world.eyes(life.worker).get(file).status_code == 200
        assert not kinds(life.worker) & {"questionnaire_talk", "talk_asked"}
        life.give_again()
        assert "questionnaire_talk" in kinds(life.worker), "the answers were not read yet"


def test_not_now_is_no_wish(stay: Trajectory, wave: Invitation, worker: Any) -> None:
    answered(wave, {1: 2}, False)
    block(stay)
    assert not kinds(worker) & {"questionnaire_talk", "talk_asked"}


def test_the_file_says_the_state_and_that_it_waits(
    client: Client, stay: Trajectory, wave: Invitation, worker: Any
) -> None:
    client.force_login(worker)
    file = reverse("home:file", args=[stay.pk])
    waits = "tot die er is, vragen we niets en kan niemand iets invullen"
    assert waits not in text_of(client.get(file))
    block(stay)
    assert waits in text_of(client.get(file))
    assert not Response.objects.exists()


# ---- Silence of the worker's own ------------------------------------------------------------


def test_nobody_is_said_to_be_silent(life_of_reminders: Life) -> None:
    life = life_of_reminders
    assert "questionnaire_silent" in kinds(life.worker)
    life.take_back()
    assert "questionnaire_silent" not in kinds(life.worker)


@pytest.fixture
def life_of_reminders(db: None) -> Life:
    """A mail and two reminders left, days ago."""
    life = begin(days_ago=12)
    for number, kind in enumerate((reminders.MESSAGE, reminders.REMINDER, reminders.REMINDER)):
        Message.objects.create(
            contact=life.stay.participant.contact,
            kind=kind,
            template="wave_reminder",
            channel="email",
            state="sent",
            subject_id=life.wave.pk,
            dedupe_key=f"told-{number}",
            not_before=clock.now() - (10 - 3 * number) * DAY,
            written_at=clock.now() - (10 - 3 * number) * DAY,
        )
    return life
