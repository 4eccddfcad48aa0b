"""Closing a stay seen whole, the former participant's own pages, and the faults around it."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.leaving import close_stay, reopen_stay
from groups.models import Placement
from joinus.home.closing import closing
from joinus.home.run_due import run_due
from participants.exit import aftercare
from participants.exit.parents import record_talk
from participants.models import PhaseChange, Trajectory
from participants.parents import words_from_parents
from participants.signup.mail import known_person_knocked
from participants.signup.sign_up import sign_up
from questionnaires.answers import answering
from questionnaires.models import Invitation, Response
from tests import world
from tests.questionnaires.build import make_invitation

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(db: None) -> Any:
    with clock.travel(clock.at(TODAY, 21)):
        yield


@pytest.fixture
def group() -> Group:
    return world.make_group(
        age_from=12, age_until=30, name="Groep Vrijdag", chat_link="https://chat.example.org/x"
    )


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, age=29, call_name="Ilse")


def say_goodbye(stay: Trajectory, worker: Any) -> None:
    """The last evening is today, and the talk was held."""
    group: Any = stay.group
    world.hold_exit_talk(stay, by=worker)
    agree_last_meeting(trajectory=stay, meeting=world.make_meeting(group, TODAY), by=worker)
    stay.refresh_from_db()


def by_goal(stay: Trajectory, worker: Any) -> Trajectory:
    say_goodbye(stay, worker)
    return close_stay(trajectory=stay, exit_kind="goal", exit_reason="goal_reached", by=worker)


# ---- The closing page ------------------------------------------------------


def test_the_page_lists_what_is_open_before_and_what_ended_after(
    client: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    missed = world.make_meeting(group, TODAY - 7 * DAY, "held")
    world.attend(stay, missed, "absent_without_notice")
    make_invitation(stay, "interim", opened_on=TODAY - 3 * DAY)
    Placement.objects.filter(trajectory=stay).update(in_chat_on=SINCE)
    client.force_login(worker)
    page = reverse("home:close", args=[stay.pk])
    before = client.get(page)
    kinds = {line.kind for line in before.context["ends"]}
    assert kinds == {"seat", "interim", "absence"}
    after = client.post(page, {"exit_reason": "no_contact"})
    assert after.status_code == 200
    assert {line.kind for line in after.context["done"].ended} == kinds
    assert not Invitation.objects.open().filter(trajectory=stay).exists()
    assert world.waiting(worker, "absence") == []
    with clock.travel(clock.at(TODAY + DAY, 12)):
        later = client.get(page)
    assert later.context["done"] is None
    assert [line.kind for line in later.context["stays"]] == ["chat"]


def test_the_page_says_which_questionnaire_a_closing_opens_or_takes_back(
    client: Client, stay: Trajectory, worker: Any, django_assert_max_num_queries: Any
) -> None:
    """And what it says is what then happens, whichever way it ends (R-131)."""
    client.force_login(worker)
    page = reverse("home:close", args=[stay.pk])
    with django_assert_max_num_queries(150):
        said = client.get(page).context["questionnaires"]
    assert said == [
        "Hiermee gaat de evaluatie bij afscheid open. Niet als je “gestopt zonder contact” kiest."
    ]
    stay.refresh_from_db()
    assert stay.phase == "participating", "it was only looked at"
    say_goodbye(stay, worker)
    run_due()
    assert Invitation.objects.open().filter(trajectory=stay, wave="exit").exists()
    said = client.get(page).context["questionnaires"]
    assert said == ["Kies je “gestopt zonder contact”? Hiermee vervalt de evaluatie bij afscheid."]
    client.post(page, {"exit_reason": "no_contact"})
    assert not Invitation.objects.open().filter(trajectory=stay, wave="exit").exists()


def test_a_last_evening_that_is_still_to_come_is_not_the_day_somebody_left(
    client: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    """The page tells the day of the questions of three months later as the closing makes it."""
    later = world.make_meeting(group, TODAY + 14 * DAY)
    agree_last_meeting(trajectory=stay, meeting=later, by=worker)
    client.force_login(worker)
    page = reverse("home:close", args=[stay.pk])
    before = client.get(page).context
    assert "13 juni 2026" in before["comes_after"]
    assert before["questionnaires"][0] == (
        "Hiermee verschuift de evaluatie bij afscheid naar 13 mrt. "
        "Hiermee gaat de evaluatie bij afscheid open. "
        "Niet als je “gestopt zonder contact” kiest."
    )
    after = client.post(page, {"exit_reason": "own_wish"}).context
    assert after["comes_after"] == before["comes_after"]
    assert Invitation.objects.open().filter(trajectory=stay, wave="exit").exists()


def test_closing_asks_only_what_is_about_a_stay_and_the_same_for_a_big_group(
    group: Group, stay: Trajectory, worker: Any, django_assert_num_queries: Any
) -> None:
    """The list is made twice while the stay is held, just before and just after."""
    make_invitation(stay, "interim", opened_on=TODAY - 3 * DAY)
    for others in (0, 6):
        for _n in range(others):
            world.make_participating(group, since=SINCE, age=20)
        fresh = type(worker).objects.get(pk=worker.pk)
        with django_assert_num_queries(7):
            closing.open_things(stay, fresh)


def test_a_closing_that_fails_half_way_changes_nothing(
    stay: Trajectory, worker: Any, monkeypatch: Any
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    say_goodbye(stay, worker)
    monkeypatch.setattr("groups.goodbye.leaving.journey.end_stay", broken)
    with pytest.raises(RuntimeError):
        closing.close(stay=stay, by=worker, exit_kind="goal", exit_reason="goal_reached")
    stay.refresh_from_db()
    assert stay.phase == "leaving"
    assert Placement.objects.filter(trajectory=stay, last_day__isnull=True).exists()


@pytest.mark.req("R-183")
def test_a_drop_out_is_another_outcome_than_an_exit_by_goal(
    group: Group, stay: Trajectory, worker: Any
) -> None:
    """Kept apart in kind and reason, in the waves that follow, and in what is exported."""
    other = world.make_participating(group, since=SINCE, age=17)
    by_goal(stay, worker)
    close_stay(trajectory=other, exit_kind="drop_out", exit_reason="no_contact", by=worker)
    kinds = dict(Trajectory.objects.values_list("pk", "exit_kind"))
    assert (kinds[stay.pk], kinds[other.pk]) == ("goal", "drop_out")
    assert Invitation.objects.filter(trajectory=stay, wave="exit").exists()
    assert not Invitation.objects.filter(trajectory=other, wave="exit").exists()


@pytest.mark.req("R-182", "R-204")
def test_at_the_end_of_the_last_evening_the_questions_are_offered_quietly(
    client: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    say_goodbye(stay, worker)
    wave = Invitation.objects.get(trajectory=stay, wave="exit")
    assert (wave.state, wave.opened_on) == ("open", TODAY)
    run_due()
    assert not Message.objects.filter(contact=stay.participant.contact).exists()
    client.force_login(stay.participant.user)
    start = client.get(reverse("home:today")).content.decode()
    assert reverse("questionnaires:who_reads", args=[wave.pk]) in start


# ---- Faults ----------------------------------------------------------------


def test_the_second_worker_reads_that_it_is_closed(
    client: Client, stay: Trajectory, worker: Any
) -> None:
    by_goal(stay, worker)
    client.force_login(worker)
    page = reverse("home:close", args=[stay.pk])
    again = client.post(page, {"exit_reason": "moved"})
    assert again.status_code == 200
    assert again.context["former"]
    stay.refresh_from_db()
    assert stay.exit_kind == "goal"


def in_threads(*acts: Any) -> list[str]:
    """Run them at the same time on connections of their own; what each came to."""
    gate, came_to = threading.Barrier(len(acts)), []

    def run(act: Any) -> None:
        with clock.travel(clock.at(TODAY, 21)):
            gate.wait()
            try:
                act()
                came_to.append("done")
            except Exception as error:
                came_to.append(getattr(error, "code", repr(error)))
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(came_to)


@pytest.mark.django_db(transaction=True)
def test_two_workers_close_at_once_and_one_does(
    group: Group, stay: Trajectory, worker: Any
) -> None:
    say_goodbye(stay, worker)
    colleague = world.make_worker(group, "Daan Smit")

    def press(who: Any, kind: str, reason: str) -> Any:
        return lambda: closing.close(
            stay=Trajectory.objects.get(pk=stay.pk), by=who, exit_kind=kind, exit_reason=reason
        )

    came_to = in_threads(press(worker, "goal", "goal_reached"), press(colleague, "other", "moved"))
    assert came_to == ["done", "not_in_group"]
    assert PhaseChange.objects.filter(trajectory=stay, to_phase="former").count() == 1
    group.refresh_from_db()
    assert group.places_taken == 0


@pytest.mark.django_db(transaction=True)
def test_closing_while_the_exit_questions_are_sent_loses_nothing(
    stay: Trajectory, worker: Any
) -> None:
    say_goodbye(stay, worker)
    wave = Invitation.objects.get(trajectory=stay, wave="exit")
    answering.save_answer(invitation=wave, number=1, value=3, by=stay.participant.user)
    came_to = in_threads(
        lambda: closing.close(
            stay=Trajectory.objects.get(pk=stay.pk),
            by=worker,
            exit_kind="goal",
            exit_reason="goal_reached",
        ),
        lambda: answering.submit(invitation=wave, by=stay.participant.user),
    )
    assert came_to == ["done", "done"]
    stay.refresh_from_db()
    wave.refresh_from_db()
    assert (stay.phase, wave.state) == ("former", "answered")
    assert Response.objects.get(invitation=wave).answer(1) == 3


def test_answers_half_given_go_on_after_the_closing(
    client: Client, stay: Trajectory, worker: Any
) -> None:
    by_goal(stay, worker)
    wave = Invitation.objects.get(trajectory=stay, wave="exit")
    answering.save_answer(invitation=wave, number=1, value=3, by=stay.participant.user)
    client.force_login(stay.participant.user)
    assert client.get(reverse("questionnaires:item", args=[wave.pk, 2])).status_code == 200
    answering.submit(invitation=wave, by=stay.participant.user)
    wave.refresh_from_db()
    assert wave.state == "answered"


def test_an_open_question_of_a_parent_survives_the_closing(group: Group, worker: Any) -> None:
    child = world.make_participating(group, since=SINCE, age=14, call_name="Casey")
    parent = world.make_guardian(child)
    row = world.give_parental_yes(child, guardian=parent)
    row.question, row.question_at = "Mag ik iets vragen?", clock.now()
    row.question_due_on = TODAY + 2 * DAY
    row.save()
    record_talk(trajectory=child, spoken_on=TODAY, feedback="Goed", tips="Bellen", by=worker)
    make_invitation(child, "exit", opened_on=TODAY)
    lasts = {line.kind for line in closing.open_things(child, worker) if line.lasts}
    assert lasts == {"parent_question", "exit"}
    done = closing.close(stay=child, by=worker, exit_kind="other", exit_reason="moved")
    assert ("parent_question", row.pk) in [line.which for line in done.stays]
    (todo,) = world.waiting(worker, "parent_question")
    assert todo.about == row.pk
    words_from_parents.close_question(consent=row, by=worker)
    assert world.waiting(worker, "parent_question") == []


def test_taking_a_closing_back_within_thirty_days(
    client: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    make_invitation(stay, "interim", opened_on=TODAY - 3 * DAY)
    close_stay(trajectory=stay, exit_kind="drop_out", exit_reason="no_contact", by=worker)
    client.force_login(worker)
    page = reverse("groups:reopen", args=[stay.pk])
    with clock.travel(clock.at(TODAY + 30 * DAY, 12)):
        assert 'name="reason"' in client.get(page).content.decode()
        assert client.post(page, {"reason": ""}).status_code == 422
        first = client.post(page, {"reason": "Vergissing"})
        assert "Wat dit doet" in first.content.decode(), "what it changes is said first"
        read = {"reason": "Vergissing", "read": first.context["mark"]}
        assert client.post(page, read).status_code == 302
    stay.refresh_from_db()
    assert stay.phase == "participating"
    assert PhaseChange.objects.filter(trajectory=stay).last().reason == "Vergissing"  # type: ignore[union-attr]


def test_a_closing_stays_after_thirty_days_and_after_the_answer(
    client: Client, stay: Trajectory, worker: Any
) -> None:
    by_goal(stay, worker)
    client.force_login(worker)
    page = reverse("groups:reopen", args=[stay.pk])
    with clock.travel(clock.at(TODAY + 31 * DAY, 12)):
        assert reverse("participants:allow_return", args=[stay.pk]) in (
            client.get(page).content.decode()
        )
        assert client.post(page, {"reason": "Vergissing"}).status_code == 422
    wave = Invitation.objects.get(trajectory=stay, wave="exit")
    answering.save_answer(invitation=wave, number=1, value=3, by=stay.participant.user)
    answering.submit(invitation=wave, by=stay.participant.user)
    assert client.post(page, {"reason": "Vergissing"}).status_code == 422
    stay.refresh_from_db()
    assert stay.phase == "former"


def test_a_reopened_exit_withdraws_its_questions(stay: Trajectory, worker: Any) -> None:
    by_goal(stay, worker)
    reopen_stay(trajectory=stay, by=worker, reason="Vergissing")
    assert Invitation.objects.get(trajectory=stay, wave="exit").state == "withdrawn"
    with clock.travel(clock.at(TODAY + 100 * DAY, 12)):
        run_due()
    assert not Invitation.objects.standing().filter(trajectory=stay, wave="follow_up").exists()


# ---- The former participant ------------------------------------------------


@pytest.mark.req("R-019")
def test_a_former_participant_answers_the_follow_up_and_sees_only_what_is_their_own(
    client: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    friend = world.make_participating(group, since=SINCE, age=28, call_name="Mees")
    world.make_meeting(group, TODAY + 14 * DAY, activity="Bowlen")
    by_goal(stay, worker)
    client.force_login(stay.participant.user)
    with clock.travel(clock.at(date(2026, 6, 13), 12)):
        run_due()
        wave = Invitation.objects.get(trajectory=stay, wave="follow_up")
        start = client.get(reverse("home:today")).content.decode()
        assert reverse("questionnaires:who_reads", args=[wave.pk]) in start
        first = reverse("questionnaires:item", args=[wave.pk, 1])
        assert client.get(first).status_code == 200
        for name in ("home:today", "groups:calendar", "participants:onward", "groups:list"):
            page = client.get(reverse(name), follow=True).content.decode()
            assert "Bowlen" not in page
            assert "Mees" not in page
        meeting: Any = group.meetings.get(activity="Bowlen")
        for name, pk in (
            ("groups:my_meeting", meeting.pk),
            ("groups:absent", meeting.pk),
            ("home:file", friend.pk),
            ("questionnaires:answers", friend.pk),
        ):
            assert client.get(reverse(name, args=[pk])).status_code in (403, 404)
        assert client.get(reverse("participants:details")).status_code == 200


@pytest.mark.req("R-190", "R-182")
def test_three_months_later_the_same_22_questions_come(
    client: Client, stay: Trajectory, worker: Any
) -> None:
    by_goal(stay, worker)
    with clock.travel(clock.at(date(2026, 6, 12), 12)):
        run_due()
        assert not Invitation.objects.filter(trajectory=stay, wave="follow_up").exists()
    with clock.travel(clock.at(date(2026, 6, 13), 12)):
        run_due()
    wave = Invitation.objects.get(trajectory=stay, wave="follow_up")
    assert [q.number for q in answering.asked(wave)] == list(range(1, 23))


# ---- Coming back -----------------------------------------------------------


@pytest.mark.req("R-195")
def test_who_signs_up_again_is_met_kindly_and_comes_back_only_by_exception(
    client: Client, group: Group, worker: Any
) -> None:
    home = world.make_municipality("Voorbeeldstad", pc4="6811")
    group.location.work_area.add(home)
    stay = world.make_participating(group, since=SINCE, age=17, call_name="Sam", municipality=home)
    close_stay(trajectory=stay, exit_kind="other", exit_reason="own_wish", by=worker)
    person = stay.participant
    coordinator = world.make_coordinator(group.location.region)

    def again() -> Trajectory:
        return sign_up(
            call_name="Sam",
            birth_date=person.birth_date,
            postcode="6811",
            municipality=home,
            first_contact_by="app",
            group=group,
            email=person.contact.email,
        )

    assert again() == again() == stay, "no second stay"
    assert Message.objects.filter(contact=person.contact, template="welcome_again").count() == 1
    (todo,) = world.waiting(worker, "knocked")
    client.force_login(worker)
    assert client.get(todo.url).status_code == 200
    assert client.post(todo.url, {"reason": "x"}).status_code == 422
    assert client.post(todo.url, {"coordinator": coordinator.pk}).status_code == 422
    young = Client()
    young.force_login(person.user)
    offered = reverse("participants:sign_up")
    assert offered not in young.get(reverse("home:today")).content.decode()
    fields = {"coordinator": str(coordinator.pk), "reason": "Terugval na een verhuizing."}
    assert client.post(todo.url, fields).status_code == 302
    assert client.post(todo.url, fields).status_code == 422, "once"
    assert world.waiting(worker, "knocked") == []
    assert offered in young.get(reverse("home:today")).content.decode()
    new = again()
    assert (new.phase, new.participant) == ("signed_up", person)
    stay.refresh_from_db()
    assert stay.follow_up_waived == "returned"
    assert aftercare.open_exception(person) is None


@pytest.mark.parametrize(("refused", "messages"), [(True, 0), (False, 1)])
def test_who_refused_contact_and_knocks_gets_no_message(
    group: Group, worker: Any, refused: bool, messages: int
) -> None:
    stay = close_stay(
        trajectory=world.make_participating(group, since=SINCE, age=17, call_name="Sam"),
        exit_kind="other",
        exit_reason="own_wish",
        contact_refused=refused,
        by=worker,
    )
    assert stay.follow_up_waived == ("contact_refused" if refused else "")
    known_person_knocked(stay, call_name="Sam", key=stay.pk)
    sent = Message.objects.filter(contact=stay.participant.contact)
    assert sent.filter(template="welcome_again").count() == sent.count() == messages
    assert world.waiting(worker, "knocked")


@pytest.mark.req("R-203")
def test_contact_refused_at_the_closing_asks_nothing_later(
    client: Client, stay: Trajectory, worker: Any
) -> None:
    client.force_login(worker)
    sent = {"exit_reason": "moved", "contact_refused": "on", "afterwards_by": "message"}
    assert client.post(reverse("home:close", args=[stay.pk]), sent).status_code == 200
    stay.refresh_from_db()
    assert (stay.follow_up_waived, stay.afterwards_by) == ("contact_refused", "call")
    with clock.travel(clock.at(date(2026, 6, 20), 12)):
        run_due()
    assert not Invitation.objects.filter(trajectory=stay).exists()
    assert not Message.objects.filter(contact=stay.participant.contact).exists()
