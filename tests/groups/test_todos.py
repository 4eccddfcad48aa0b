"""What waits in a group: each to-do has a reason and one button, and the button ends it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.ages import birthday
from core.ids import uuid7
from core.organisations.models import Group
from core.ports import Todo
from groups import todos
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting
from groups.models import Attendance, Placement
from groups.seats.placement import place
from groups.seats.trial import judge, record_wish
from groups.sheet.attendance import Tap, record
from participants.journey import journey
from participants.models import Trajectory
from tests import world

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 22, 15)):  # over: nothing is inferred before (C-44)
        yield


def waiting(user: Any, kind: str) -> list[Todo]:
    """To-dos of one kind, asked afresh (roles are kept on the user object)."""
    found = world.waiting(user, kind)
    for todo in found:
        assert todo.reason
        assert todo.action
        assert todo.url
    return found


def press(client: Client, todo: Todo, **fields: Any) -> Any:
    """The one button: a POST at once, or the page it opens and the form there.

    Where it says first what the act changes, that is read and meant.
    """
    if todo.post:
        return client.post(todo.url)
    assert client.get(todo.url).status_code == 200
    if not fields:
        return None
    answer = client.post(todo.url, fields)
    read = (answer.context or {}).get("mark")
    return client.post(todo.url, fields | {"read": read}) if read else answer


def visitor(group: Group, worker: Any, name: str = "Riley") -> Placement:
    stay = world.make_suitable(group, call_name=name)
    placement = place(trajectory=stay, group=group, trial=True, first_day=TODAY, by=worker)
    meeting = group.meetings.filter(date=TODAY).first() or world.make_meeting(group, TODAY)
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    return placement


def test_a_past_evening_asks_who_was_there(client: Client, group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=SINCE)
    meeting = world.make_meeting(group, TODAY - timedelta(days=7))
    world.make_meeting(group, TODAY + timedelta(days=7))
    (todo,) = waiting(worker, "attendance")
    page = client.get(todo.url).content.decode()
    act = re.search(r'id="everyone"|name="client_id" value="([^"]+)"', page)
    assert act
    assert reverse("groups:everyone", args=[meeting.pk]) in page
    client.post(reverse("groups:everyone", args=[meeting.pk]), {"client_id": str(uuid7())})
    assert Attendance.objects.get(trajectory=stay).state == "present"
    assert waiting(worker, "attendance") == []


def did_not_come(stay: Trajectory, worker: Any, day: date = TODAY) -> None:
    group: Any = stay.group
    meeting = group.meetings.filter(date=day).first() or world.make_meeting(group, day)
    record(
        meeting=meeting,
        taps=[Tap(uuid7(), stay.pk, "absent_without_notice", 0)],
        by=worker,
    )


def tried(client: Client, stay: Trajectory, **fields: Any) -> Any:
    """The page of getting in touch, filled in."""
    fields = {"act": "attempt", "attempt_id": str(uuid7()), **fields}
    return client.post(reverse("participants:reach", args=[stay.pk]), fields)


@pytest.mark.req("R-090")
def test_not_there_without_a_word_asks_for_contact_the_same_day(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Jamal")
    told = world.make_participating(group, since=SINCE)
    meeting = world.make_meeting(group, TODAY)
    record(
        meeting=meeting,
        taps=[
            Tap(uuid7(), stay.pk, "absent_without_notice", 0),
            Tap(uuid7(), told.pk, "absent_with_notice", 0),
        ],
        by=worker,
    )
    (todo,) = waiting(worker, "absence")
    assert "Jamal" in todo.title
    assert (todo.urgency, todo.since) == (0, TODAY)
    page = press(client, todo, act="attempt", attempt_id=uuid7(), outcome="spoken")
    assert page.status_code == 422, "what follows is part of the outcome"
    assert len(waiting(worker, "absence")) == 1
    press(
        client,
        todo,
        act="attempt",
        attempt_id=uuid7(),
        outcome="spoken",
        conclusion="comes",
        note="Was ziek, komt weer",
    )
    assert waiting(worker, "absence") == []
    attempt = stay.contact_attempts.get()
    assert (attempt.outcome, attempt.conclusion, attempt.by) == ("spoken", "comes", worker)
    assert attempt.note == "Was ziek, komt weer"


@pytest.mark.req("R-090", "R-091")
def test_who_was_not_reached_is_tried_again_tomorrow(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE)
    did_not_come(stay, worker)
    tried(client, stay, outcome="no_answer")
    assert waiting(worker, "absence") == [], "today was tried"
    with clock.travel(clock.at(TODAY + timedelta(days=1), 10)):
        (todo,) = waiting(worker, "absence")
        assert todo.when == _("today")
        assert todo.reason.endswith(ngettext("Tried {n} time, not reached.", "", 1).format(n=1))
        tried(client, stay, outcome="spoken", conclusion="comes")
        assert waiting(worker, "absence") == []
    with clock.travel(clock.at(TODAY + timedelta(days=2), 10)):
        assert waiting(worker, "absence") == [], "they spoke: it does not come back"


@pytest.mark.req("R-091")
def test_by_agreement_is_quiet_until_the_agreed_day(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE)
    did_not_come(stay, worker)
    until = TODAY + timedelta(days=20)
    for wrong in (
        {"outcome": "no_answer", "conclusion": "agreed"},
        {"outcome": "spoken", "conclusion": "comes", "quiet_until": until.isoformat()},
        {"outcome": "spoken", "conclusion": "agreed", "quiet_until": "2026-03-01"},
        {"outcome": "spoken", "conclusion": "agreed", "quiet_until": "2027-03-01"},
        {"outcome": "telepathy"},
        {},
    ):
        assert tried(client, stay, **wrong).status_code == 422, wrong
    assert not stay.contact_attempts.exists()
    tried(client, stay, outcome="spoken", conclusion="agreed", quiet_until=until.isoformat())
    for days, quiet in ((14, True), (28, False)):
        day = TODAY + timedelta(days=days)
        with clock.travel(clock.at(day, 22, 15)):
            did_not_come(stay, worker, day)
            assert (waiting(worker, "absence") == []) is quiet, days


@pytest.mark.req("R-091")
def test_a_worry_takes_the_place_of_the_task(client: Client, group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=SINCE)
    did_not_come(stay, worker)
    tried(client, stay, outcome="no_answer", conclusion="worried")
    assert waiting(worker, "absence") == []
    with clock.travel(clock.at(TODAY + timedelta(days=1), 10)):
        assert waiting(worker, "absence") == [], "the worry stands on top instead"


def test_the_task_says_how_it_is_safe(group: Group, worker: Any) -> None:
    """No "call" where only mail is safe; nothing is sent to who wants no messages."""
    stay = world.make_participating(group, since=SINCE, call_name="Jamal")
    did_not_come(stay, worker)
    contact = stay.participant.contact
    for channels, stopped, title in (
        (["email"], None, _("Write to {name}")),
        (["phone"], None, _("Call {name}")),
        ([], None, _("Talk with {name} at the next evening")),
        (["phone"], clock.now(), _("Talk with {name} at the next evening")),
    ):
        contact.safe_channels, contact.phone, contact.stopped_at = channels, "0612345678", stopped
        contact.save()
        (todo,) = waiting(worker, "absence")
        assert todo.title == title.format(name="Jamal")


def test_during_a_pause_nobody_is_asked_why(group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=SINCE)
    did_not_come(stay, worker)
    journey.pause_stay(trajectory=stay, by=worker, reason="Stage")
    assert waiting(worker, "absence") == []


@pytest.mark.req("R-090")
def test_a_corrected_absence_asks_for_nothing(group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=SINCE)
    meeting = world.make_meeting(group, TODAY)
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "absent_without_notice", 0)], by=worker)
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 1)], by=worker)
    assert waiting(worker, "absence") == []


@pytest.mark.req("R-076")
def test_the_judgement_waits_until_both_questions_are_answered(
    client: Client, group: Group, worker: Any
) -> None:
    placement = visitor(group, worker)
    (todo,) = waiting(worker, "trial_judge")
    press(client, todo, act="judge", programme_fits="yes")
    assert waiting(worker, "trial_judge"), "one answer is not two"
    press(client, todo, act="judge", programme_fits="yes", group_fits="yes")
    assert waiting(worker, "trial_judge") == []
    placement.refresh_from_db()
    assert placement.trial_outcome.judged_by == worker


@pytest.mark.req("R-077")
def test_the_own_wish_is_said_by_the_person_or_written_down(
    client: Client, group: Group, worker: Any
) -> None:
    placement = visitor(group, worker)
    person = placement.trajectory.participant.user
    assert waiting(worker, "trial_wish")
    (todo,) = waiting(person, "own_wish")
    young = Client()
    young.force_login(person)
    assert young.post(todo.url, {"wish": "yes"}).status_code == 302
    assert waiting(person, "own_wish") == []
    assert waiting(worker, "trial_wish") == []
    other = visitor(group, worker, "Bo")
    (todo,) = waiting(worker, "trial_wish")
    press(client, todo, act="wish", wish="no")
    other.refresh_from_db()
    assert other.trial_outcome.own_wish is False


@pytest.mark.req("R-077", "R-079")
def test_both_sides_ask_for_the_decision_then_for_the_group_chat(
    client: Client, group: Group, worker: Any
) -> None:
    Group.objects.filter(pk=group.pk).update(chat_link="https://chat.example.org/x")
    placement = visitor(group, worker)
    judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
    record_wish(placement=placement, wish=True, by=worker)
    assert waiting(worker, "chat") == [], "not before the choice"
    (todo,) = waiting(worker, "trial_decide")
    press(client, todo, act="admit")
    assert waiting(worker, "trial_decide") == []
    assert Trajectory.objects.get(pk=placement.trajectory_id).phase == "participating"
    (todo,) = waiting(worker, "chat")
    page = client.get(todo.url).content.decode()
    assert "https://chat.example.org/x" in page
    assert 'class="qr"' in page
    client.post(todo.url, {"what": "in"})
    assert waiting(worker, "chat") == []


@pytest.mark.req("R-189")
def test_after_leaving_the_chat_is_left_too(client: Client, group: Group, worker: Any) -> None:
    Group.objects.filter(pk=group.pk).update(chat_link="https://chat.example.org/x")
    stay = world.make_trajectory(group=group, phase="participating")
    row = world.seat(stay, first_day=SINCE, last_day=TODAY - timedelta(days=1))
    Placement.objects.filter(pk=row.pk).update(in_chat_on=SINCE)
    (todo,) = waiting(worker, "chat")
    client.post(todo.url, {"what": "out"})
    assert waiting(worker, "chat") == []
    row.refresh_from_db()
    assert row.out_of_chat_on == TODAY


@pytest.mark.req("R-180")
def test_a_cancelled_goodbye_asks_for_a_new_evening(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE)
    meeting = world.make_meeting(group, TODAY + timedelta(days=7))
    other = world.make_meeting(group, TODAY + timedelta(days=21))
    agree_last_meeting(trajectory=stay, meeting=meeting, by=worker)
    assert waiting(worker, "last_meeting") == []
    cancel_meeting(meeting=meeting, reason="weather", by=worker)
    (todo,) = waiting(worker, "last_meeting")
    press(client, todo, act="agree", meeting=str(other.pk))
    assert waiting(worker, "last_meeting") == []
    stay.refresh_from_db()
    assert stay.last_meeting_on == other.date


def test_after_the_last_evening_the_stay_is_closed(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE, age=17)
    meeting = world.make_meeting(group, TODAY)
    agree_last_meeting(trajectory=stay, meeting=meeting, by=worker)
    world.hold_exit_talk(stay, by=worker)
    with clock.travel(TODAY + timedelta(days=2)):
        (todo,) = waiting(worker, "close")
        press(client, todo, exit_reason="goal_reached")
        assert waiting(worker, "close") == []
    stay.refresh_from_db()
    assert (stay.phase, stay.exit_kind) == ("former", "goal")


def test_a_free_place_proposes_who_waits_longest(client: Client, group: Group, worker: Any) -> None:
    world.make_meeting(group, TODAY + timedelta(days=7))
    late = world.make_suitable(group, waiting_since=TODAY - timedelta(days=5), call_name="Bo")
    first = world.make_suitable(group, waiting_since=TODAY - timedelta(days=30), call_name="Mees")
    Group.objects.filter(pk=group.pk).update(state="full")
    assert waiting(worker, "invite") == []
    Group.objects.filter(pk=group.pk).update(state="open")
    (todo,) = waiting(worker, "invite")
    assert "Mees" in todo.title
    press(client, todo, meeting=str(group.meetings.get().pk))
    first.refresh_from_db()
    assert (first.phase, first.waiting_since) == ("trial", None)
    (todo,) = waiting(worker, "invite")
    assert "Bo" in todo.title
    assert late.phase == "intake"


def test_first_in_line_without_a_first_talk_is_named_too(group: Group, worker: Any) -> None:
    world.make_trajectory(
        group=group, phase="signed_up", waiting_since=TODAY - timedelta(days=30), call_name="Mees"
    )
    (todo,) = waiting(worker, "first_in_line")
    assert "Mees" in todo.title


def test_a_group_without_a_coming_evening_asks_for_a_plan(
    client: Client, group: Group, worker: Any
) -> None:
    (todo,) = waiting(worker, "plan")
    page = client.get(todo.url).content.decode()
    dates = re.findall(r'name="dates" value="([^"]+)"', page)
    assert len(dates) > 10, "the rest of the season"
    client.post(todo.url, {"dates": dates})
    assert waiting(worker, "plan") == []
    assert group.meetings.count() == len(dates)


@pytest.mark.req("R-188")
def test_somebody_who_turns_31_is_flagged_well_before_and_stays(
    client: Client, group: Group, worker: Any
) -> None:
    soon = birthday(TODAY + timedelta(days=60), -31)
    stay = world.make_participating(group, since=SINCE, birth_date=soon)
    world.make_participating(group, since=SINCE, birth_date=birthday(TODAY, -30))
    meeting = world.make_meeting(group, TODAY + timedelta(days=14))
    (todo,) = waiting(worker, "turns_31")
    assert stay.participant.call_name in todo.title
    stay.refresh_from_db()
    assert stay.phase == "participating"
    press(client, todo, act="agree", meeting=str(meeting.pk))
    assert waiting(worker, "turns_31") == []


@pytest.mark.req("R-117")
def test_below_five_is_flagged_to_the_coordinator(client: Client, group: Group) -> None:
    coordinator = world.make_coordinator(group.location.region)
    client.force_login(coordinator)
    for _n in range(4):
        world.make_participating(group, since=SINCE)
    visitor(group, world.make_worker(group))
    (todo,) = waiting(coordinator, "small_group")
    assert todo.group_id == group.pk
    press(client, todo)
    world.make_participating(group, since=SINCE)
    assert waiting(coordinator, "small_group") == []


@pytest.mark.req("R-118")
def test_an_evening_with_fewer_than_five_present_is_flagged(client: Client, group: Group) -> None:
    worker, coordinator = world.make_worker(group), world.make_coordinator(group.location.region)
    stays = [world.make_participating(group, since=SINCE) for _n in range(6)]
    meeting = world.make_meeting(group, TODAY)
    taps = [Tap(uuid7(), s.pk, "present", 0) for s in stays[:4]]
    taps.append(Tap(uuid7(), stays[5].pk, "absent_with_notice", 0))
    with clock.travel(clock.at(TODAY, 21)):
        record(meeting=meeting, taps=taps, by=worker)
        assert waiting(coordinator, "small_evening") == [], "it is not over: more may come"
    with clock.travel(meeting.ends_at + timedelta(minutes=1)):
        (todo,) = waiting(coordinator, "small_evening")
        client.force_login(coordinator)
        press(client, todo)
        record(meeting=meeting, taps=[Tap(uuid7(), stays[4].pk, "present", 0)], by=worker)
        assert waiting(coordinator, "small_evening") == []


def test_nobody_sees_what_waits_elsewhere(group: Group, worker: Any) -> None:
    other = world.make_group()
    world.make_participating(other, since=SINCE)
    world.make_meeting(other, TODAY - timedelta(days=7))
    assert waiting(worker, "attendance") == []
    assert world.asked(todos.RULES, world.make_manager(group.location.organisation)) == []


def test_the_list_costs_the_same_for_few_and_many(
    group: Group, worker: Any, django_assert_num_queries: Any
) -> None:
    from core.accounts.models import User

    world.make_meeting(group, TODAY)
    for n in (2, 9):
        for _n in range(n):
            visitor(group, worker)
        fresh = User.objects.get(pk=worker.pk)
        with django_assert_num_queries(2):
            world.asked(todos.RULES, fresh)
