"""The steps of the sweep: what each finds lately, what the night finds, and what nothing costs.

Facts decide, calls only hurry: what a port was not told of is found by the next turn when it
happened lately, and by the night when it did not.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock, ports
from core.ids import uuid7
from core.messaging import outbox
from core.messaging.models import Contact, Message
from core.organisations.models import Group
from core.sweep import steps
from core.sweep.models import StepState
from core.sweep.steps import Outcome, take_turn
from groups.models import Attendance, AttendanceTap, Meeting, Placement
from joinus.home import tasks
from joinus.home.run_due import STEPS, run_due
from joinus.settings import timetable
from participants.models import (
    ContactAttempt,
    Hold,
    InterestRegistration,
    ParentalConsent,
    Trajectory,
)
from participants.parents import question as parental
from questionnaires.cycle import backstop, cycle, reminders
from questionnaires.cycle.backstop import NIGHTS, share
from questionnaires.models import Invitation
from tests import world
from tests.questionnaires.build import make_invitation

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TODAY = date(2026, 5, 6)
NOON = clock.at(TODAY, 12)
LATELY = [step for step in STEPS if not step.nightly]
AT_NIGHT = [step for step in STEPS if step.nightly]


@pytest.fixture(autouse=True)
def _noon(it_is: Callable[[datetime], None]) -> None:
    it_is(NOON)


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def nobody_tells() -> Iterator[None]:
    """Every call of the port is forgotten."""
    with ports.trajectory_changed.answering(lambda _facts: None):
        yield


def turn(name: str) -> Outcome:
    outcome = take_turn(next(step for step in STEPS if step.name == name), forced=True)
    assert outcome.is_well, outcome.error
    assert not outcome.skipped
    return outcome


def looked(*names: str, until: datetime = NOON) -> None:
    """These steps looked at everything that happened before."""
    for name in names or [step.name for step in STEPS]:
        StepState.objects.update_or_create(name=name, defaults={"looked_until": until})


# ---- Beat, tasks and the command ---------------------------------------------------------


def test_beat_calls_every_step_and_nothing_else() -> None:
    called = {
        entry["task"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] != "core.messaging.tasks.send_due"
    } - {"joinus.home.tasks.count_groups"}  # figures that are counted anew, nothing that is due
    assert called == {task.name for task in tasks.TASKS.values()}
    often = {*timetable.EVERY_FIVE_MINUTES, *timetable.EVERY_HOUR}
    assert often == {step.name for step in LATELY}
    assert set(timetable.ONCE_A_NIGHT) == {step.name for step in AT_NIGHT}


@pytest.mark.parametrize("steps", [1, 18, 26])
def test_the_steps_of_the_night_fit_in_the_hour_each_at_a_minute_of_its_own(steps: int) -> None:
    minutes = timetable._spread(steps)
    assert len(set(minutes)) == steps
    assert min(minutes) == 8  # two minutes belong to what comes every hour, and its end
    assert max(minutes) <= 59


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_step_has_a_limit_of_its_own_and_no_tick_outlives_the_next(step: Any) -> None:
    task, beat = tasks.TASKS[step.name], settings.CELERY_BEAT_SCHEDULE[step.name]
    assert task.soft_time_limit < task.time_limit < (step.limit + 2 * steps.GRACE).total_seconds()
    assert beat["options"]["expires"] == (
        300 if step.name in timetable.EVERY_FIVE_MINUTES else 3600
    )
    if not step.nightly:
        assert task.time_limit < 300
    task()
    assert StepState.objects.get().name == step.name


def test_the_task_that_beat_called_before_still_takes_every_turn() -> None:
    tasks.run_due()
    assert set(StepState.objects.values_list("name", flat=True)) == {step.name for step in STEPS}


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_knows_each_step_by_its_name(celery_worker_process: Any) -> None:
    celery_worker_process()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        current_app.send_task(entry["task"], **entry.get("options", {}))
    took_its_turn = StepState.objects.filter(looked_until__isnull=False, claim=None)
    deadline = time.monotonic() + 60
    while took_its_turn.count() < len(STEPS):
        assert time.monotonic() < deadline, set(took_its_turn.values_list("name", flat=True))
        time.sleep(0.2)


@pytest.mark.parametrize("broken", STEPS, ids=lambda step: step.name)
def test_each_step_that_fails_leaves_the_others(
    broken: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By itself it fails alone; in one run the others are done, and the run says so at its end."""

    def fail(_turn: Any) -> None:
        raise ValueError

    all_steps = [steps.Step(s.name, fail if s == broken else s.run, s.nightly) for s in STEPS]
    monkeypatch.setattr("joinus.home.run_due.STEPS", all_steps)
    with pytest.raises(CommandError, match=rf"{broken.name} \(ValueError, 0 rows\)$"):
        call_command("run_due")
    came = StepState.objects.filter(looked_until=NOON, claim=None, failing_since=None)
    assert set(came.values_list("name", flat=True)) == {s.name for s in STEPS} - {broken.name}


def test_the_command_names_what_it_did(
    group: Group, nobody_tells: None, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(group)
    backstop.rebuild()
    call_command("run_due")
    assert capsys.readouterr().out.splitlines() == ["kept_seats: 1"]


def test_nobody_plays_a_moment_before_the_last_look(group: Group) -> None:
    """What opened since would be taken back, with what was filled in."""
    looked("waves")
    for earlier in ("2020-02-29", (NOON - MINUTE).isoformat()):
        with pytest.raises(CommandError, match="--at cannot be earlier"):
            call_command("run_due", at=earlier)
    call_command("run_due", at=(NOON + MINUTE).isoformat())


# ---- Nothing due costs the same, however many are not due -----------------------------------

#: Statements of a turn that finds nothing: three of its own (the row, the claim, the mark), and
#: one for each thing that is asked. Days that were looked at already ask nothing.
NOTHING_DUE = {
    "mergers": 4,
    "birthdays": 3,
    "ages": 5,
    "parental_reminders": 3,
    "parental_reminders_left": 4,
    "first_contacts": 4,
    "first_contacts_left": 4,
    "interest_news": 4,
    "interest_over": 5,
    "receipts_over": 4,
    "stopped_contacts": 4,
    "contacts_and_holds": 6,
    "came_back": 4,
    "kept_seats": 4,
    "moves_begin": 3,
    "moves_left": 4,
    "moves_lapse": 7,
    "names_of_visitors": 4,
    "seats_left": 4,
    "jottings": 4,
    "challenges_left": 5,
    "proposals_lapse": 4,
    "challenge_reminders": 4,
    "waves": 5,
    "waves_left": 6,
    "waves_of_the_week": 5,
    "wave_messages": 4,
    "drafts": 6,
}


def town(group: Group, people: int) -> None:
    """So many of each who are not due any more, or not yet."""
    for number in range(people):
        stay = world.make_trajectory(
            group=group, phase="signed_up", signed_up_at=NOON - 4 * DAY - number * MINUTE
        )
        world.make_trajectory(group=group, phase="signed_up", signed_up_at=NOON - DAY)
        world.make_trajectory(
            group=group, phase="former", exit_kind="goal", exited_on=TODAY, ended_on=TODAY
        )
        ContactAttempt.objects.create(
            trajectory=world.make_trajectory(
                group=group, phase="signed_up", signed_up_at=NOON - 9 * DAY
            ),
            by=world.make_staff(),
            at=NOON - DAY,
            about="first_contact",
            outcome="no_answer",
        )
        question = asked(stay, NOON - 5 * DAY)
        parental.remind(consent=question, day=TODAY)
        stopped = world.make_trajectory(group=group)
        Contact.objects.filter(pk=stopped.participant.contact_id).update(stopped_at=NOON - DAY)
        Hold.objects.create(trajectory=stopped, kind="held", days=(TODAY - DAY, None))
        written_about(world.make_trajectory(group=group), 8, 6, 3)
        written_about(world.make_trajectory(group=group), 0)
        InterestRegistration.objects.create(
            contact=world.create_contact(name="", email=f"far{number}@example.org"),
            municipality=world.make_municipality(),
            age=14,
            registered_on=TODAY,
        )


def written_about(stay: Trajectory, *days_ago: int) -> None:
    """An open wave with its first message, and the reminders after it, so many days ago."""
    wave = make_invitation(stay, opened_on=TODAY - 9 * DAY, due_on=TODAY + 9 * DAY)
    for number, days in enumerate(days_ago):
        outbox.write(
            contact=stay.participant.contact,
            template="wave_reminder" if number else "wave_interim",
            kind=reminders.REMINDER if number else reminders.MESSAGE,
            dedupe_key=f"{wave.pk}:{number}",
            subject_id=wave.pk,
            not_before=NOON - days * DAY,
        )
    Message.objects.filter(subject_id=wave.pk).update(state="sent")


def asked(stay: Trajectory, at: datetime) -> ParentalConsent:
    row: ParentalConsent = world.give_parental_yes(stay, settle=False)
    ParentalConsent.objects.filter(pk=row.pk).update(
        answer="",
        answered_at=None,
        released_at=at,
        expires_at=at + 30 * DAY,
    )
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("people", [3, 30])
def test_a_turn_that_finds_nothing_asks_as_much_for_three_as_for_thirty(
    group: Group, people: int, it_is: Callable[[datetime], None]
) -> None:
    world.make_worker(group)
    town(group, people)
    run_due()
    it_is(NOON + 5 * MINUTE)
    run_due()
    it_is(NOON + 20 * MINUTE)
    told = Message.objects.filter(template="first_contact_late").count()
    assert told == people
    found = {}
    for step in STEPS:
        with CaptureQueriesContext(connection) as statements:
            assert turn(step.name).done == 0
        found[step.name] = len(statements)
        assert not [s["sql"] for s in statements if "INSERT" in s["sql"]]
    tonight = clock.today().toordinal() % NIGHTS
    stays = Trajectory.objects.values_list("pk", flat=True)
    nobodys = not any(share(stay) == tonight for stay in stays)  # then no facts are read
    week = {"waves_of_the_week": NOTHING_DUE["waves_of_the_week"] - nobodys}
    assert found == NOTHING_DUE | week
    assert Message.objects.filter(template="first_contact_late").count() == told


# ---- The reminder of late first contacts has a memory ---------------------------------------


def late_mails() -> int:
    return Message.objects.filter(template="first_contact_late").count()


@pytest.mark.req("R-047")
def test_who_became_late_since_the_last_look_is_reminded_of_by_the_next(
    group: Group, it_is: Callable[[datetime], None]
) -> None:
    world.make_worker(group)
    looked()
    stay = world.make_trajectory(
        group=group, phase="signed_up", signed_up_at=NOON - 3 * DAY + 2 * MINUTE
    )
    assert (turn("first_contacts").done, late_mails()) == (0, 0)
    it_is(NOON + 5 * MINUTE)
    assert (turn("first_contacts").done, late_mails()) == (1, 1)
    assert Message.objects.get(template="first_contact_late").subject_id == stay.pk
    it_is(NOON + 10 * MINUTE)
    assert (turn("first_contacts").done, turn("first_contacts_left").done) == (0, 0)


@pytest.mark.req("R-047")
def test_who_was_tried_in_vain_is_late_three_days_after_that(
    group: Group, it_is: Callable[[datetime], None]
) -> None:
    worker = world.make_worker(group)
    looked()
    stay = world.make_trajectory(group=group, phase="signed_up", signed_up_at=NOON - 5 * DAY)
    ContactAttempt.objects.create(
        trajectory=stay,
        by=worker,
        at=NOON - 3 * DAY + MINUTE,
        about="first_contact",
        outcome="no_answer",
    )
    assert turn("first_contacts").done == 0
    it_is(NOON + 5 * MINUTE)
    assert turn("first_contacts").done == 1


@pytest.mark.req("R-047")
def test_a_worker_who_came_instead_is_reminded_at_night(group: Group) -> None:
    world.make_worker(group)
    world.make_trajectory(group=group, phase="signed_up", signed_up_at=NOON - 4 * DAY)
    looked()
    turn("first_contacts_left")
    newcomer = world.make_worker(group, "Noah Bos")
    assert turn("first_contacts").done == 0
    assert turn("first_contacts_left").done == 1
    assert late_mails() == 2
    assert Message.objects.filter(template="first_contact_late", contact=newcomer.contact).exists()
    assert turn("first_contacts_left").done == 0


# ---- Birthdays ----------------------------------------------------------------------------


@pytest.mark.req("R-107")
@pytest.mark.parametrize(
    ("born", "age", "becomes"),
    [
        (date(2010, 5, 7), 16, date(2026, 5, 7)),
        (date(2012, 2, 29), 16, date(2028, 2, 29)),
        (date(2012, 2, 29), 17, date(2029, 3, 1)),
        (date(2011, 3, 1), 17, date(2028, 3, 1)),
        (date(2011, 2, 28), 17, date(2028, 2, 28)),
    ],
)
def test_the_first_turn_after_midnight_finds_the_birthday(
    born: date, age: int, becomes: date, it_is: Callable[[datetime], None]
) -> None:
    """Of whatever age the organisation asks; 29 February falls on 1 March (core.ages)."""
    midnight = clock.at(becomes)
    it_is(midnight - 10 * MINUTE)
    organisation = world.make_organisation(consent_age=age)
    stay = world.make_trajectory(
        group=world.make_group(organisation=organisation, age_until=20), birth_date=born
    )
    row = asked(stay, midnight - 2 * DAY)
    looked(until=midnight - 5 * MINUTE)
    it_is(midnight - MINUTE)
    assert turn("birthdays").done == 0
    it_is(midnight + 4 * MINUTE)
    assert turn("birthdays").done == 1
    row.refresh_from_db()
    assert row.obsolete_at is not None


@pytest.mark.req("R-107")
def test_a_birthday_is_found_after_a_week_without_a_sweep(
    it_is: Callable[[datetime], None],
) -> None:
    stay = world.make_trajectory(group=world.make_group(), birth_date=date(2010, 5, 9))
    asked(stay, NOON)
    looked()
    it_is(NOON + 8 * DAY)
    assert turn("birthdays").done == 1


@pytest.mark.req("R-107")
def test_a_birth_date_that_was_corrected_by_nobody_is_found_at_night() -> None:
    stay = world.make_trajectory(group=world.make_group(), age=14)
    row = asked(stay, NOON - DAY)
    looked()
    type(stay.participant).objects.update(birth_date=date(2009, 5, 6))
    assert turn("birthdays").done == 0, "their sixteenth birthday was a year ago"
    assert turn("ages").done == 1
    row.refresh_from_db()
    assert row.obsolete_at is not None
    type(stay.participant).objects.update(birth_date=date(2012, 5, 6))
    assert turn("ages").done == 1
    row.refresh_from_db()
    assert row.obsolete_at is None


# ---- Parents are reminded -------------------------------------------------------------------


def parents_mails() -> int:
    return Message.objects.filter(kind="parental_reminder").count()


@pytest.mark.req("R-106")
def test_a_parent_is_reminded_by_the_first_turn_of_that_day_and_no_other_is_looked_at(
    group: Group, it_is: Callable[[datetime], None]
) -> None:
    asked(world.make_trajectory(group=group), NOON)
    for days in (1, 2, 5):  # asked on other days
        asked(world.make_trajectory(group=group), NOON - days * DAY)
    for days, written in ((0, 0), (3, 1), (6, 0), (7, 1), (13, 0), (14, 1), (29, 0)):
        looked(until=clock.at(TODAY + days * DAY) - MINUTE)
        it_is(clock.at(TODAY + days * DAY) + 4 * MINUTE)
        with CaptureQueriesContext(connection) as statements:
            done = turn("parental_reminders").done
        first = ParentalConsent.objects.order_by("released_at").last()
        assert first is not None
        theirs = Message.objects.filter(kind="parental_reminder", subject_id=first.pk)
        assert theirs.filter(written_at__gte=clock.now()).count() == written, days
        assert turn("parental_reminders").done == 0, "once is once"
        assert done or len(statements) == 4


@pytest.mark.req("R-106")
def test_a_reminder_that_was_left_out_is_written_at_night(group: Group) -> None:
    row = asked(world.make_trajectory(group=group), NOON - 5 * DAY)
    looked()
    assert (turn("parental_reminders").done, parents_mails()) == (0, 0)
    assert (turn("parental_reminders_left").done, parents_mails()) == (1, 1)
    assert (turn("parental_reminders_left").done, parents_mails()) == (0, 1)
    ParentalConsent.objects.filter(pk=row.pk).update(released_at=NOON - 20 * DAY)
    assert (turn("parental_reminders_left").done, parents_mails()) == (1, 2)
    key = Message.objects.filter(kind="parental_reminder").latest("dedupe_key").dedupe_key
    assert turn("parental_reminders_left").done == 0, key


@pytest.mark.req("R-106")
@pytest.mark.parametrize("what", ["over", "expired", "answered", "revoked", "obsolete"])
def test_nobody_is_reminded_of_what_is_not_asked_any_more(group: Group, what: str) -> None:
    row = asked(world.make_trajectory(group=group), NOON - 5 * DAY)
    this = ParentalConsent.objects.filter(pk=row.pk)
    if what == "over":
        Trajectory.objects.filter(pk=row.trajectory_id).update(phase="withdrawn", ended_on=TODAY)
    elif what == "expired":
        this.update(expires_at=NOON)
    elif what == "answered":
        this.update(answer="no", answered_at=NOON)
    else:
        this.update(**{f"{what}_at": NOON})
    assert turn("parental_reminders_left").done == 0


# ---- A call that was forgotten ----------------------------------------------------------------


def kept(group: Group, ended_on: date = TODAY) -> Trajectory:
    """Somebody whose stay ended and whose seat nobody gave back."""
    stay = world.make_trajectory(group=group, phase="withdrawn", ended_on=ended_on)
    world.seat(stay, group, first_day=TODAY - 60 * DAY)
    return stay


def test_a_seat_that_is_kept_is_given_back_lately_and_at_night(group: Group) -> None:
    looked()
    kept(group)
    old = kept(group, TODAY - 40 * DAY)
    assert turn("kept_seats").done == 1
    assert Placement.objects.open().get().trajectory_id == old.pk
    assert turn("seats_left").done == 1
    assert not Placement.objects.open().exists()


def test_who_stopped_is_held_lately_and_at_night_and_who_resumed_is_let_go(
    group: Group, nobody_tells: None
) -> None:
    looked()
    lately, old = (world.make_trajectory(group=group) for _ in range(2))
    for stay, at in ((lately, NOON - 5 * MINUTE), (old, NOON - 9 * DAY)):
        Contact.objects.filter(pk=stay.participant.contact_id).update(stopped_at=at)
    assert turn("stopped_contacts").done == 1
    assert Hold.objects.get().trajectory_id == lately.pk
    assert turn("contacts_and_holds").done == 1
    assert Hold.objects.count() == 2
    Contact.objects.update(stopped_at=None)
    Hold.objects.update(days=(TODAY - DAY, None))
    assert turn("contacts_and_holds").done == 2
    assert not Hold.objects.running().exists()


def test_who_stopped_and_signs_up_again_is_held_by_the_next_turn(group: Group) -> None:
    looked()
    stay = world.make_trajectory(group=group, phase="signed_up", signed_up_at=NOON - MINUTE)
    world.make_trajectory(group=group, phase="signed_up", signed_up_at=NOON - MINUTE)
    Contact.objects.filter(pk=stay.participant.contact_id).update(stopped_at=NOON - 90 * DAY)
    assert turn("stopped_contacts").done == 1
    assert Hold.objects.get().trajectory_id == stay.pk


def earned(group: Group, tapped_at: datetime) -> Trajectory:
    """Six evenings attended, the sixth written down at that moment; the port was not told."""
    first = TODAY - 71 * DAY
    stay = world.make_participating(
        group,
        since=first,
        screened_on=first - 30 * DAY,
        consent_complete_on=first - 28 * DAY,
    )
    with clock.travel(first):
        cycle.follow({stay.pk: {""}})
    Invitation.objects.filter(trajectory=stay).update(state="answered", answered_on=first)
    with clock.travel(first):
        cycle.follow({stay.pk: {""}})
    rows = []
    for number in range(6):
        start = clock.at(first + number * 14 * DAY, 19)
        meeting, _new = Meeting.objects.get_or_create(
            group=group,
            date=clock.day_of(start),
            defaults={"starts_at": start, "ends_at": start + 3 * MINUTE, "status": "held"},
        )
        rows.append(
            Attendance.objects.create(
                meeting=meeting, trajectory=stay, state="present", recorded_at=meeting.ends_at
            )
        )
    AttendanceTap.objects.create(
        client_id=uuid7(),
        attendance=rows[-1],
        from_state="not_recorded",
        to_state="present",
        by=world.make_staff(),
        at=tapped_at,
        version=1,
    )
    return stay


def interim(stay: Trajectory) -> bool:
    return Invitation.objects.filter(trajectory=stay, wave="interim").exists()


@pytest.mark.req("R-205")
def test_a_tap_that_nobody_told_about_is_found_by_the_next_turn(
    group: Group, it_is: Callable[[datetime], None]
) -> None:
    looked()
    stay = earned(group, NOON + MINUTE)
    it_is(NOON + 5 * MINUTE)
    turn("waves")
    assert interim(stay)
    it_is(NOON + 30 * MINUTE)
    turn("waves")
    it_is(NOON + 35 * MINUTE)
    assert turn("waves").done == 0, "it is not looked at for a week"


@pytest.mark.req("R-205")
@pytest.mark.parametrize(("before_the_mark", "found"), [(9, True), (11, False)])
def test_a_tap_that_was_committed_late_is_found_by_the_next_turn_or_at_night(
    group: Group, before_the_mark: int, found: bool, it_is: Callable[[datetime], None]
) -> None:
    """Its moment lies before the mark of the last turn, which could not see it yet."""
    looked()
    stay = earned(group, NOON - before_the_mark * MINUTE)
    it_is(NOON + 5 * MINUTE)
    turn("waves")
    assert interim(stay) is found
    turn("waves_left")
    assert interim(stay)


@pytest.mark.req("R-205")
@pytest.mark.django_db(transaction=True)
def test_a_wave_that_cannot_be_opened_leaves_those_of_others(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked()
    bad, good = earned(group, NOON), earned(group, NOON)
    rule = cycle.waves.outcome

    def poisoned(stay: Any, *args: Any, **kwargs: Any) -> Any:
        if stay.trajectory == bad.pk:
            raise ValueError
        return rule(stay, *args, **kwargs)

    monkeypatch.setattr(cycle.waves, "outcome", poisoned)
    outcome = take_turn(next(step for step in STEPS if step.name == "waves"))
    assert (outcome.done, outcome.failed) == (1, 1)
    assert interim(good)
    assert not interim(bad)
    monkeypatch.undo()


@pytest.mark.req("R-205")
def test_each_message_of_a_wave_stands_alone(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    stays = [world.make_participating(group, since=TODAY - 60 * DAY) for _ in range(2)]
    for stay in stays:
        make_invitation(stay, opened_on=TODAY - DAY)
    params = reminders.params

    def poisoned(invitation: Invitation) -> dict[str, Any]:
        if invitation.trajectory_id == stays[0].pk:
            raise ValueError
        return params(invitation)

    monkeypatch.setattr(reminders, "params", poisoned)
    outcome = take_turn(next(step for step in STEPS if step.name == "wave_messages"))
    assert (outcome.done, outcome.failed) == (1, 1)
    assert Message.objects.filter(kind=reminders.MESSAGE).count() == 1


def test_run_due_of_a_moment_that_does_not_exist_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="a day or a moment"):
        call_command("run_due", at="2026-13-40")
