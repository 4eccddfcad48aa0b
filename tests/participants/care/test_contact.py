"""Staying in touch with who takes part: attempts, a worry, pauses, *I stop*."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.audit.models import ReadEntry
from core.errors import RuleBroken
from core.ids import uuid7
from core.messaging.models import Message
from core.organisations.models import Group
from groups.goodbye.leaving import stop_myself
from joinus.home.run_due import run_due
from joinus.home.waiting import todos_for
from participants.care.contact import note_attempt
from participants.care.worry import ask_to_think_along, begin_worry, settle_worry
from participants.journey import journey, pausing
from participants.models import ContactAttempt, Hold, PauseWish, StopHeard, Trajectory, Worry
from tests import world
from tests.world import broken, eyes, waiting

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Noor", age=17)


@pytest.fixture
def young(stay: Trajectory) -> Client:
    return eyes(stay.participant.user)


def url(name: str, *args: Any) -> str:
    return reverse(f"participants:{name}", args=args)


def attempt(stay: Trajectory, by: Any, **fields: Any) -> ContactAttempt:
    fields.setdefault("outcome", "no_answer")
    return note_attempt(trajectory=stay, by=by, **fields)


# ---- attempts ----------------------------------------------------------------


@pytest.mark.req("R-091")
def test_the_page_shows_the_safe_way_before_it_asks_anything(
    at_work: Client, stay: Trajectory
) -> None:
    """An unsafe home and a shared phone: warned above the form, an unsafe address not shown."""
    contact = stay.participant.contact
    contact.phone, contact.safe_channels = "0612345678", ["phone"]
    contact.shared_mailbox = contact.not_at_home = True
    contact.save()
    page = at_work.get(url("reach", stay.pk)).content.decode()
    form = page.index('name="outcome"')
    for said in (
        _("Home may not know. Do not call the house, send no post."),
        "06 12345678",
        _("This is how it is safe"),
    ):
        assert page.index(said) < form
    assert contact.email not in page
    contact.stopped_at = clock.now()
    contact.save()
    page = at_work.get(url("reach", stay.pk)).content.decode()
    assert _("Wants no more messages. Send nothing.") in page
    assert "tel:" not in page
    entry = ReadEntry.objects.latest("at")
    assert (entry.record, entry.subject_ids) == ("contact", [stay.pk])


@pytest.mark.req("R-091")
def test_an_attempt_is_kept_with_who_when_and_what_came_of_it(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    sent = {"act": "attempt", "attempt_id": str(uuid7()), "outcome": "left_message", "note": "App"}
    at_work.post(url("reach", stay.pk), sent)
    at_work.post(url("reach", stay.pk), sent)
    row = stay.contact_attempts.get()
    assert (row.by, row.at, row.outcome, row.note) == (worker, clock.now(), "left_message", "App")
    sealed = ContactAttempt.objects.filter(pk=row.pk).extra(select={"raw": "note"})
    assert b"App" not in bytes(sealed.values_list("raw", flat=True)[0])
    other = world.make_participating(stay.group, since=SINCE)  # type: ignore[arg-type]
    with broken("already_kept"):
        attempt(other, worker, attempt_id=row.pk)


@pytest.mark.req("R-091")
@pytest.mark.parametrize("conclusion", ["", "comes", "worried"])
def test_only_who_stays_away_by_agreement_has_a_day_until_which_nobody_asks(
    stay: Trajectory, worker: Any, conclusion: str
) -> None:
    until = {"quiet_until": TODAY + timedelta(days=7)}
    with broken("only_by_agreement"):
        attempt(
            stay,
            worker,
            outcome="spoken" if conclusion else "no_answer",
            conclusion=conclusion,
            **until,
        )
    assert not ContactAttempt.objects.exists()
    assert attempt(stay, worker, outcome="spoken", conclusion="agreed", **until).quiet_until


def test_the_page_costs_the_same_after_three_and_thirty_attempts(
    at_work: Client, stay: Trajectory, worker: Any, django_assert_num_queries: Any
) -> None:
    at_work.get(url("reach", stay.pk))
    for n in (3, 27):
        for _n in range(n):
            attempt(stay, worker)
        with django_assert_num_queries(10):
            at_work.get(url("reach", stay.pk))


@pytest.mark.req("R-091")
@pytest.mark.django_db(transaction=True)
def test_two_workers_who_try_at_once_keep_both_and_one_worry(
    group: Group, stay: Trajectory, worker: Any
) -> None:
    colleague = world.make_worker(group, "Bas de Boer")
    both = threading.Barrier(2)

    def press(by: Any, note: str) -> None:
        with clock.travel(clock.at(TODAY, 20)):
            both.wait()
            try:
                attempt(stay, by, conclusion="worried", note=note)
            finally:
                connection.close()

    threads = [
        threading.Thread(target=press, args=args)
        for args in ((worker, "Nam niet op"), (colleague, "Ook niet"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.by for a in stay.contact_attempts.all()} == {worker, colleague}
    worry = Worry.objects.get(trajectory=stay)
    assert "Nam niet op" in worry.note
    assert "Ook niet" in worry.note


# ---- a worry -----------------------------------------------------------------


@pytest.mark.req("R-091")
def test_a_worry_stands_on_top_for_both_until_they_agreed(
    at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    colleague = world.make_worker(group, "Bas de Boer")
    elsewhere = world.make_worker(world.make_group())
    world.make_meeting(group, TODAY - timedelta(days=50))  # something else that is late
    answer = at_work.post(
        url("reach", stay.pk),
        {
            "act": "attempt",
            "attempt_id": str(uuid7()),
            "outcome": "no_answer",
            "conclusion": "worried",
        },
    )
    assert answer.headers["Location"] == url("reach", stay.pk)
    for one in (worker, colleague):
        first = todos_for(one)[0]
        assert first.kind == "worry"
        assert first.urgency < 0
        assert "Fleur" in first.reason
    assert not waiting(elsewhere, "worry")
    assert not waiting(stay.participant.user, "worry")
    with clock.travel(clock.at(TODAY + timedelta(days=30), 9)):
        assert waiting(colleague, "worry"), "it does not go by itself"
    page = at_work.post(url("reach", stay.pk), {"act": "settle", "settled_note": " "})
    assert page.status_code == 422
    at_work.post(url("reach", stay.pk), {"act": "settle", "settled_note": "Samen langs geweest"})
    for one in (worker, colleague):
        assert not waiting(one, "worry")
    worry = Worry.objects.get()
    assert (worry.settled_by, worry.settled_note) == (worker, "Samen langs geweest")


@pytest.mark.req("R-091")
def test_a_worry_stays_when_the_person_stops(stay: Trajectory, worker: Any) -> None:
    begin_worry(trajectory=stay, by=worker)
    stop_myself(trajectory=stay, later_contact=False, by=stay.participant.user)
    assert waiting(worker, "worry")


def test_the_coordinator_thinks_along_without_hearing_who_it_is(
    at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    """trust.md 3: broad words under no name, only if chosen."""
    near = world.make_coordinator(group.location.region)
    far = world.make_coordinator(world.make_region())
    worry = begin_worry(trajectory=stay, by=worker, note="Noor nam drie keer niet op")
    assert not waiting(near, "think_along"), "only if chosen"
    for wrong in ("Het gaat om noor.", "  "):
        page = at_work.post(url("reach", stay.pk), {"act": "along", "broad": wrong})
        assert page.status_code == 422
    assert not waiting(near, "think_along")
    at_work.post(url("reach", stay.pk), {"act": "along", "broad": "Iemand is opeens heel stil."})
    (todo,) = waiting(near, "think_along")
    assert "Noor" not in f"{todo.title} {todo.reason}"
    assert not waiting(far, "think_along")
    theirs = Client()
    theirs.force_login(near)
    page = theirs.get(todo.url).content.decode()
    assert "Iemand is opeens heel stil." in page
    assert "Noor" not in page
    assert "drie keer" not in page
    theirs.post(todo.url)
    assert not waiting(near, "think_along")
    worry.refresh_from_db()
    assert worry.thought_along_by == near
    (still,) = waiting(worker, "worry")  # thinking along settles nothing
    said = _("{who} is worried, since {day}. The coordinator has thought along.")
    assert still.reason == said.format(who="Fleur", day=date_format(TODAY, "j F"))
    other = Client()
    other.force_login(far)
    assert other.get(todo.url).status_code == 404


def test_what_was_settled_is_not_asked_any_more(stay: Trajectory, worker: Any) -> None:
    worry = begin_worry(trajectory=stay, by=worker)
    settle_worry(worry=worry, note="Besproken", by=worker)
    settle_worry(worry=worry, note="Nog eens", by=worker)
    assert Worry.objects.get().settled_note == "Besproken"
    with broken("settled"):
        ask_to_think_along(worry=worry, broad="Denk mee", by=worker)


# ---- a pause -----------------------------------------------------------------


def test_a_pause_is_asked_in_two_taps_and_agreed_by_a_worker(
    young: Client, at_work: Client, stay: Trajectory, worker: Any
) -> None:
    home = young.get(reverse("home:today")).content.decode()
    assert url("own_pause") in home
    young.post(url("own_pause"), {"act": "ask"})
    young.post(url("own_pause"), {"act": "ask", "why": "Toetsen"})
    wish = PauseWish.objects.get()
    assert (wish.trajectory, wish.why) == (stay, "Toetsen")
    (todo,) = waiting(worker, "pause_wish")
    assert "Toetsen" in at_work.get(todo.url).content.decode()
    assert at_work.post(todo.url, {"act": "pause", "reason": ""}).status_code == 422
    back = TODAY + timedelta(days=30)
    at_work.post(todo.url, {"act": "pause", "reason": "Toetsen", "back_on": back.isoformat()})
    stay.refresh_from_db()
    wish.refresh_from_db()
    assert (stay.phase, stay.expected_back_on) == ("paused", back)
    assert (wish.outcome, wish.settled_by) == ("paused", worker)
    assert Hold.objects.get(trajectory=stay).kind == "paused"
    assert not waiting(worker, "pause_wish")
    assert not waiting(worker, "pause")
    with clock.travel(clock.at(back, 9)):
        assert waiting(worker, "pause")
        later = back + timedelta(days=14)
        at_work.post(url("pause", stay.pk), {"act": "later", "back_on": later.isoformat()})
        assert not waiting(worker, "pause")
    with clock.travel(clock.at(later, 9)):
        at_work.post(url("pause", stay.pk), {"act": "resume"})
        assert not waiting(worker, "pause")
    stay.refresh_from_db()
    assert (stay.phase, stay.expected_back_on) == ("participating", None)


def test_a_pause_without_an_agreed_day_gets_one_in_six_weeks(
    young: Client, stay: Trajectory, worker: Any
) -> None:
    journey.pause_stay(trajectory=stay, by=worker, reason="Even weg")
    day = TODAY + timedelta(days=42)
    assert stay.expected_back_on == day
    assert date_format(day, "j F") in young.get(url("own_pause")).content.decode()
    with clock.travel(clock.at(day - timedelta(days=1), 9)):
        assert not waiting(worker, "pause")
    with clock.travel(clock.at(day, 9)):
        (todo,) = waiting(worker, "pause")
        assert date_format(day, "j F") in todo.reason
        assert todo.urgency == 2
    with clock.travel(clock.at(day + timedelta(days=7), 9)):
        assert [t.urgency for t in waiting(worker, "pause")] == [1], "unanswered, it rises once"


def test_no_pause_is_longer_than_half_a_year_at_a_time(stay: Trajectory, worker: Any) -> None:
    limit = TODAY + timedelta(days=183)
    with broken("back_too_far"):
        journey.pause_stay(
            trajectory=stay, by=worker, reason="Stage", back_on=limit + timedelta(days=1)
        )
    journey.pause_stay(trajectory=stay, by=worker, reason="Stage", back_on=limit)
    with broken("back_too_far"):
        journey.prolong_pause(trajectory=stay, by=worker, back_on=limit + timedelta(days=1))


def test_does_somebody_come_back_has_three_answers_and_presses_nobody(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    """Prolong, back, or goodbye; nothing is sent to the young person, however long it lasts."""
    journey.pause_stay(trajectory=stay, by=worker, reason="Even weg")
    day = TODAY + timedelta(days=42)
    for n in (-1, 0, 1, 8, 40):
        with clock.travel(clock.at(day + timedelta(days=n), 16)):
            run_due()
    assert not Message.objects.filter(contact=stay.participant.contact).exists()
    with clock.travel(clock.at(day, 16)):
        (todo,) = waiting(worker, "pause")
        page = at_work.get(todo.url).content.decode()
        assert 'value="resume"' in page
        assert 'value="later"' in page
        assert reverse("groups:leave", args=[stay.pk]) in page
        next_day = day + timedelta(days=42)
        assert f'value="{next_day.isoformat()}"' in page, "six weeks further is proposed"
        at_work.post(todo.url, {"act": "later", "back_on": next_day.isoformat()})
        assert not waiting(worker, "pause")
        line = at_work.get(reverse("home:time_line", args=[stay.pk])).content.decode()
    assert _("The pause goes on") in line
    with clock.travel(clock.at(next_day, 16)):
        assert waiting(worker, "pause")
        assert at_work.get(reverse("groups:leave", args=[stay.pk])).status_code == 200
    with broken("not_paused"):
        journey.resume_stay(trajectory=stay, by=worker)
        journey.prolong_pause(trajectory=stay, by=worker)


def test_coming_back_needs_nobodys_yes(young: Client, stay: Trajectory, worker: Any) -> None:
    journey.pause_stay(trajectory=stay, by=worker, reason="Even weg")
    (todo,) = waiting(stay.participant.user, "own_pause")
    assert young.get(todo.url).status_code == 200
    young.post(todo.url, {"act": "back"})
    stay.refresh_from_db()
    assert stay.phase == "participating"
    again = young.post(todo.url, {"act": "back"})
    assert again.status_code == 302, "a second tap is told, not an error"


def test_a_wish_can_be_taken_back_or_talked_over(
    young: Client, at_work: Client, stay: Trajectory, worker: Any
) -> None:
    young.post(url("own_pause"), {"act": "ask"})
    young.post(url("own_pause"), {"act": "take_back"})
    assert not waiting(worker, "pause_wish")
    young.post(url("own_pause"), {"act": "ask"})
    at_work.post(url("pause", stay.pk), {"act": "go_on"})
    assert not waiting(worker, "pause_wish")
    assert list(PauseWish.objects.values_list("outcome", flat=True)) == ["taken_back", "goes_on"]
    stay.refresh_from_db()
    assert stay.phase == "participating"


@pytest.mark.parametrize("day", ["2026-03-13", "1999-01-01", "31-02-2026", "\x00"])
def test_a_day_that_cannot_be_is_told_at_the_field(
    young: Client, at_work: Client, stay: Trajectory, day: str
) -> None:
    assert young.post(url("own_pause"), {"act": "ask", "back_on": day}).status_code == 422
    sent = {"act": "pause", "reason": "Stage", "back_on": day}
    assert at_work.post(url("pause", stay.pk), sent).status_code == 422
    stay.refresh_from_db()
    assert stay.phase == "participating"
    assert not PauseWish.objects.exists()


# ---- I stop ------------------------------------------------------------------


def test_i_stop_takes_two_taps_and_says_plainly_what_follows(
    young: Client, stay: Trajectory
) -> None:
    assert reverse("groups:stop") in young.get(reverse("home:today")).content.decode()
    page = young.get(reverse("groups:stop")).content.decode()
    assert "required" not in page.split("<form")[1].split("</form>")[0]
    page = young.post(reverse("groups:stop"), {"later": "no"}).content.decode()
    assert _("We send you nothing more, and we will not ask you anything later.") in page
    assert "Ook later mag je bellen met een vraag" in page
    stay.refresh_from_db()
    assert (stay.phase, stay.exit_reason) == ("former", "own_wish")
    assert stay.follow_up_waived == "contact_refused"
    assert stay.participant.contact.stopped_at == clock.now()


def test_who_may_be_asked_later_keeps_getting_messages(young: Client, stay: Trajectory) -> None:
    page = young.post(reverse("groups:stop"), {"later": "yes"}).content.decode()
    assert _("In three months we ask how you are doing.") in page
    stay.refresh_from_db()
    assert stay.follow_up_waived == ""
    assert stay.participant.contact.stopped_at is None


def test_before_taking_part_somebody_can_also_ask_for_silence(group: Group) -> None:
    applicant = world.make_suitable(group)
    client = Client()
    client.force_login(applicant.participant.user)
    client.post(reverse("groups:stop"), {"later": "no"})
    applicant.refresh_from_db()
    assert applicant.phase == "withdrawn"
    applicant.participant.contact.refresh_from_db()
    assert applicant.participant.contact.stopped_at is not None


def test_both_workers_hear_it_the_same_day_each_until_they_read_it(
    young: Client, at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    colleague = world.make_worker(group, "Bas de Boer")
    young.post(reverse("groups:stop"), {"later": "no", "why": "Het is te druk"})
    for one in (worker, colleague):
        (todo,) = waiting(one, "has_stopped")
        assert todo.urgency == 0
        assert "te druk" not in f"{todo.title}{todo.reason}", "not on a page others look at"
        assert todo.reason == _("Wants no more contact: leave it at that.")
    page = at_work.get(todo.url).content.decode()
    assert "Het is te druk" in page
    assert "tel:" not in page
    at_work.post(todo.url)
    at_work.post(todo.url)
    assert not waiting(worker, "has_stopped")
    assert waiting(colleague, "has_stopped"), "the colleague has not read it"
    assert StopHeard.objects.get().by == worker


def test_a_worker_who_closes_a_stay_is_not_told_about_it(stay: Trajectory, worker: Any) -> None:
    journey.end_stay(
        trajectory=stay,
        exit_kind="other",
        exit_reason="moved",
        exited_on=TODAY,
        by=worker,
    )
    assert not waiting(worker, "has_stopped")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["pause", "move", "refuse"])
def test_stopping_while_a_worker_acts_ends_in_one_clear_state(
    group: Group, stay: Trajectory, worker: Any, act: str
) -> None:
    """Whoever is first; the other one is told why not. No lock is left, no seat is lost."""
    from groups.seats.placement import move
    from participants.stay.no_messages import send_nothing_more

    other = world.make_group(age_from=12, age_until=30)
    both, told = threading.Barrier(2), []

    def worker_acts() -> None:
        if act == "pause":
            pausing.pause(trajectory=stay, by=worker, reason="Stage")
        elif act == "move":
            move(trajectory=stay, to_group=other, first_day=TODAY, by=worker, reason="Past beter")
        else:
            send_nothing_more(participant=stay.participant, by=worker, reason="asked")

    def person_stops() -> None:
        stop_myself(trajectory=stay, later_contact=False, by=stay.participant.user)

    def run(what: Any) -> None:
        with clock.travel(clock.at(TODAY, 20)):
            both.wait()
            try:
                with transaction.atomic():
                    what()
            except RuleBroken as no:
                told.append(no.code)
            finally:
                connection.close()

    world.give_own_agreements(stay)
    threads = [threading.Thread(target=run, args=(w,)) for w in (worker_acts, person_stops)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    stay.refresh_from_db()
    assert stay.phase == "former"
    assert stay.follow_up_waived == "contact_refused"
    assert set(told) <= {"move_not_allowed", "not_placed"}
    assert not Hold.objects.running().filter(trajectory=stay, kind="paused").exists()
    for one in (group, other):
        one.refresh_from_db()
        assert one.places_taken == 0
