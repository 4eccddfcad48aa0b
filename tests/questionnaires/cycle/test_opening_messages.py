"""R-351 on rows made by hand: messages, reminders and choices belong to one opening.

A row is an opening: what was taken back keeps its row, and what is earned again gets the next one.
The histories through the real actions are in `test_openings_in_life`.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.db.models import QuerySet

from core.clock import at, travel
from core.messaging import sending
from core.messaging.models import Message
from core.messaging.rendering import render
from joinus.home.waiting import todos_for
from participants.models import Trajectory
from questionnaires.answers import later
from questionnaires.answers.answering import save_answer
from questionnaires.cycle import at_once, reminders
from questionnaires.cycle import facts as known
from questionnaires.models import Invitation
from questionnaires.todos import RULES
from tests import world
from tests.questionnaires.build import make_invitation, take_back
from tests.questionnaires.mailed import ALL_HOURS, Post, live

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-351")]

TUESDAY = date(2026, 3, 10)  # a school day
DAY = timedelta(days=1)
#: A sender that comes back in the middle of a day finds what waits with the hour it was due.
AT_DAY = ((12, 0), (17, 0))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def stay(instrument: Any) -> Trajectory:
    with travel(at(TUESDAY - 40 * DAY)):
        return world.make_trajectory(group=world.make_group(), age=20, call_name="Casey")


def exit_on(stay: Trajectory, day: date, opening: int = 1, **fields: Any) -> Invitation:
    return make_invitation(stay, "exit", opened_on=day, opening=opening, **fields)


def again_on(wave: Invitation, day: date, *, taken_back_on: date | None = None) -> Invitation:
    """Taken back, and earned again: the next opening, in a row of its own."""
    take_back(wave, taken_back_on or day - DAY)
    return exit_on(wave.trajectory, day, wave.opening + 1)


def silent(stay: Trajectory) -> list[str]:
    user = world.worker_of(stay)
    found = [todo for todo in world.asked(RULES, user) if todo.kind == "questionnaire_silent"]
    return [str(todo.reason) for todo in found]


def messages() -> QuerySet[Message]:
    return Message.objects.order_by("written_at", "pk")


# ---- messages and reminders ---------------------------------------------------------


def test_a_new_opening_has_its_own_message_and_reminders(stay: Trajectory, post: Post) -> None:
    old = exit_on(stay, TUESDAY)
    live(post, TUESDAY, 8)
    assert post.days(old) == [TUESDAY + n * DAY for n in (1, 3, 6)]
    anew = TUESDAY + 70 * DAY
    new = again_on(old, anew, taken_back_on=TUESDAY + 8 * DAY)
    live(post, anew - DAY, 9)
    assert post.days(new) == [anew + n * DAY for n in (1, 3, 6)]
    assert len(post.days(old)) == 3
    kinds = [m.template for m, _day in post.left if m.subject_id == new.pk]
    assert kinds == ["wave_exit", "wave_reminder", "wave_reminder"]


@pytest.mark.parametrize("told", range(4))
def test_however_much_was_told_before_the_new_opening_begins_at_its_first_message(
    stay: Trajectory, post: Post, told: int
) -> None:
    old = exit_on(stay, TUESDAY)
    days = (0, 2, 4, 7)[told]
    live(post, TUESDAY, days)
    assert len(post.days(old)) == told
    anew = TUESDAY + max(days, 1) * DAY
    new = again_on(old, anew)
    live(post, TUESDAY + days * DAY, 9)
    assert post.days(new) == [anew + n * DAY for n in (1, 3, 6)]
    assert len(post.days(old)) == told


@pytest.mark.parametrize("claimed", ["waits", "holder died", "ready text"])
@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "left to the sender"])
def test_what_waits_about_a_row_that_was_taken_back_never_leaves(
    stay: Trajectory, post: Post, claimed: str, stopped: bool
) -> None:
    if claimed == "ready text":
        stay.participant.contact.safe_channels = []
        stay.participant.contact.save()
    old = exit_on(stay, TUESDAY)
    with travel(at(TUESDAY + DAY, 8)):
        world.swept("wave_messages", day=TUESDAY + DAY)
    with travel(at(TUESDAY + DAY, 9, 1)):
        if claimed == "holder died":
            assert sending.claim_batch() is not None
        take_back(old, TUESDAY + DAY)
        if stopped:
            reminders.stop([old.pk], reason="taken_back")
    with travel(at(TUESDAY + DAY, 9, 30)):
        post.send()
        worker = world.worker_of(stay)
        if stopped:
            assert not [todo for todo in todos_for(worker) if todo.kind == "message"]
    assert post.left == []
    assert messages().get().state == ("queued" if claimed == "ready text" else "withdrawn") or (
        stopped
    )


def test_stopping_one_wave_leaves_what_waits_about_others(stay: Trajectory, post: Post) -> None:
    old = exit_on(stay, TUESDAY)
    other = exit_on(world.make_trajectory(group=stay.group, age=20), TUESDAY)
    with travel(at(TUESDAY + DAY, 8)):
        world.swept("wave_messages", day=TUESDAY + DAY)
        assert reminders.stop([old.pk], reason="taken_back") == 1
    with travel(at(TUESDAY + DAY, 10)):
        post.send()
    assert (post.days(old), post.days(other)) == ([], [TUESDAY + DAY])


def test_the_same_row_that_stands_again_goes_on_and_is_never_told_twice(
    stay: Trajectory, post: Post
) -> None:
    """A slip and its undo on one day: the rest of the row is empty, and what left has left."""
    wave = exit_on(stay, TUESDAY)
    live(post, TUESDAY, 5)
    assert post.days(wave) == [TUESDAY + n * DAY for n in (1, 3)]

    def slip(day: date) -> None:
        if day == TUESDAY + 5 * DAY:
            take_back(wave, day)
            reminders.stop([wave.pk], reason="taken_back")
            (facts,) = known.load([stay.pk])
            (row,) = facts.withdrawn
            at_once.write_changed([replace(row, state="open")], quiet_until=day + DAY)

    live(post, TUESDAY + 5 * DAY, 4, slip)
    assert post.days(wave) == [TUESDAY + n * DAY for n in (1, 3, 6)]


def test_what_opens_again_writes_to_nobody_on_that_day(stay: Trajectory, post: Post) -> None:
    """A message stopped by a slip is written anew by its undo, the next day; and so is a reminder
    of an earlier questionnaire that is asked again."""
    wave = exit_on(stay, TUESDAY)
    slips = (TUESDAY + DAY, TUESDAY + 4 * DAY)

    def slip(day: date) -> None:
        if day in slips:
            take_back(wave, day)
            reminders.stop([wave.pk], reason="no_longer_asked")
            (facts,) = known.load([stay.pk])
            at_once.write_changed(
                [replace(facts.withdrawn[0], state="open")], quiet_until=day + DAY
            )
            (again,) = known.load([stay.pk])
            at_once.write_changed(again.invitations, quiet_until=day + DAY)  # and a tap more

    live(post, TUESDAY, 10, slip, leaves=lambda day: day not in slips)
    assert post.days(wave) == [TUESDAY + n * DAY for n in (2, 5, 8)]


# ---- never on the day it opens ------------------------------------------------------


@pytest.mark.parametrize(
    "opened_on",
    [
        TUESDAY,
        date(2026, 3, 28),
        date(2026, 3, 29),  # the clock goes forward
        date(2026, 10, 24),
        date(2026, 10, 25),  # and back
        date(2026, 12, 31),
        date(2028, 2, 28),
        date(2028, 2, 29),
    ],
)
@pytest.mark.parametrize("age", [15, 20])
def test_no_message_leaves_on_the_day_it_opens_and_the_first_one_the_day_after(
    instrument: Any, post: Post, opened_on: date, age: int
) -> None:
    with travel(at(opened_on, 12)):
        stay = world.make_trajectory(group=world.make_group(), age=age)
    wave = exit_on(stay, opened_on)
    live(post, opened_on - DAY, 5, hours=ALL_HOURS)
    assert post.days(wave) == [opened_on + n * DAY for n in (1, 3)]


def test_a_reminder_does_not_leave_on_the_day_it_opens(stay: Trajectory, post: Post) -> None:
    """Whatever stood about this row before: its day of opening is a quiet one."""
    wave = exit_on(stay, TUESDAY)
    live(post, TUESDAY, 3)
    opened_on = TUESDAY + 5 * DAY
    Invitation.objects.filter(pk=wave.pk).update(
        opened_on=opened_on, remind_on=opened_on, no_message_before=None
    )
    before = len(post.left)
    live(post, opened_on, 1)
    assert len(post.left) == before
    live(post, opened_on + DAY, 1)
    assert len(post.left) == before + 1


def test_tomorrow_on_the_day_of_opening_is_the_first_message_and_only_that(
    stay: Trajectory, post: Post
) -> None:
    wave = exit_on(stay, TUESDAY)

    def put_off(day: date) -> None:
        if day == TUESDAY:
            later.ask_tomorrow(invitation=wave, by=stay.participant.user)

    live(post, TUESDAY, 8, put_off)
    assert post.days(wave) == [TUESDAY + n * DAY for n in (1, 3, 6)]
    assert post.left[0][0].template == "wave_exit"


def test_three_days_without_a_sweep_are_caught_up_with_one_message(
    stay: Trajectory, post: Post
) -> None:
    wave = exit_on(stay, TUESDAY)
    out = [TUESDAY + n * DAY for n in (1, 2, 3)]
    live(post, TUESDAY, 12, sweeps=lambda day: day not in out)
    assert post.days(wave) == [TUESDAY + n * DAY for n in (4, 6, 9)]


@pytest.mark.parametrize("from_day", [1, 3, 6])
def test_three_days_without_a_mail_server_bring_no_two_on_one_day(
    stay: Trajectory, post: Post, from_day: int
) -> None:
    """What waited leaves late; the next one counts from then, not from when it was written."""
    wave = exit_on(stay, TUESDAY)
    out = [TUESDAY + (from_day + n) * DAY for n in range(3)]
    live(post, TUESDAY, 13, leaves=lambda day: day not in out, hours=AT_DAY)
    days = post.days(wave)
    assert len(days) == 3
    apart = [(b - a).days for a, b in pairwise(days)]
    assert apart[0] >= 2
    assert apart[1] >= 3


# ---- choices ----------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["rather_not", "tomorrow"])
def test_a_choice_about_the_old_opening_silences_nothing_of_the_new_one(
    stay: Trajectory, post: Post, choice: str
) -> None:
    old = exit_on(stay, TUESDAY)
    act = {"rather_not": later.leave_alone, "tomorrow": later.ask_tomorrow}[choice]

    def choose(day: date) -> None:
        if day == TUESDAY + DAY:
            act(invitation=old, by=stay.participant.user)

    live(post, TUESDAY, 2, choose, hours=ALL_HOURS)
    anew = TUESDAY + 3 * DAY
    new = again_on(old, anew)
    live(post, TUESDAY + 2 * DAY, 8)
    assert post.days(new) == [anew + n * DAY for n in (1, 3, 6)]
    assert post.days(old) == [TUESDAY + DAY]


@pytest.mark.parametrize("act", [later.ask_tomorrow, later.leave_alone, later.hear_again])
def test_an_old_opening_takes_no_choice_any_more(stay: Trajectory, act: Any) -> None:
    old = exit_on(stay, TUESDAY)
    new = again_on(old, TUESDAY + DAY)
    with world.broken("not_open"):
        act(invitation=old, by=stay.participant.user)
    new.refresh_from_db()
    assert (new.remind_on, new.left_alone_on) == (None, None)


# ---- what is shown as sent --------------------------------------------------------------

SENT, LOST = "er gingen een mail en twee herinneringen heen", "kwamen niet aan"


def told(wave: Invitation, *states: str, channel: str = "email") -> None:
    """Messages about this row, one every other day, as they stand now."""
    for n, state in enumerate(states):
        moment = at(wave.opened_on + (1 + 2 * n) * DAY, 9)
        Message.objects.create(
            contact=wave.trajectory.participant.contact,
            group=wave.trajectory.group,
            template="wave_reminder" if n else "wave_exit",
            kind=reminders.REMINDER if n else reminders.MESSAGE,
            subject_id=wave.pk,
            urgency="scheduled",
            channel=channel,
            not_before=moment,
            written_at=moment,
            sent_at=moment if state == "sent" else None,
            state=state,
            reason="smtp_550" if state == "dead" else "",
            dedupe_key=f"{wave.pk}:{n}",
        )


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (("sent", "sent", "sent"), SENT),
        (("dead", "dead", "dead"), "De mails kwamen niet aan"),
        (("sent", "dead", "sent"), "Niet alle berichten kwamen aan"),
        (("sent", "sent", "sent", "sent"), "er gingen 4 berichten heen"),
        (("sent", "sent", "queued"), None),
        (("sent", "sent", "sending"), None),
        (("sent", "sent", "withdrawn"), None),
        (("withdrawn", "withdrawn", "withdrawn"), None),
        (("sent", "sent"), None),
        ((), None),
    ],
)
def test_the_worker_reads_only_what_really_left_about_this_opening(
    stay: Trajectory, states: tuple[str, ...], says: str | None
) -> None:
    old = exit_on(stay, TUESDAY)
    told(old, "sent", "sent", "sent")
    new = again_on(old, TUESDAY + 20 * DAY)
    told(new, *states)
    with travel(at(TUESDAY + 40 * DAY, 12)):
        found = silent(stay)
    assert len(found) == (says is not None)
    if says:
        assert says in found[0]
        assert "30 maart" in found[0]
        assert (SENT in found[0]) == (says == SENT)


def test_texts_sent_by_hand_are_no_mails(stay: Trajectory) -> None:
    told(exit_on(stay, TUESDAY), "sent", "sent", "sent", channel="worker_text")
    with travel(at(TUESDAY + 20 * DAY, 12)):
        (reason,) = silent(stay)
    assert "er gingen een bericht en twee herinneringen heen" in reason


def test_three_mails_that_bounced_are_not_called_sent(stay: Trajectory, post: Post) -> None:
    """`dead_letters`: the way from the mailbox that refuses to the words of the worker."""
    exit_on(stay, TUESDAY)

    def bounce(_day: date) -> None:
        Message.objects.filter(state="queued").update(state="dead", reason="smtp_550")

    live(post, TUESDAY, 9, bounce, leaves=lambda _day: False)
    assert {m.state for m in messages()} == {"dead"}
    with travel(at(TUESDAY + 9 * DAY, 12)):
        (reason,) = silent(stay)
    assert "De mails kwamen niet aan" in reason
    assert "Casey" in reason


def test_the_worker_hears_of_silence_only_a_day_after_the_last_one_really_left(
    stay: Trajectory, post: Post
) -> None:
    exit_on(stay, TUESDAY)
    out = [TUESDAY + (6 + n) * DAY for n in range(3)]
    seen: dict[date, int] = {}

    def look(day: date) -> None:
        seen[day] = len(silent(stay))

    live(post, TUESDAY, 12, look, leaves=lambda day: day not in out, hours=AT_DAY)
    last = max(day for _m, day in post.left)
    assert last == TUESDAY + 9 * DAY
    assert [day for day, number in seen.items() if number] == [last + DAY, last + 2 * DAY]


# ---- the words ---------------------------------------------------------------------------


def test_a_reminder_of_a_new_opening_does_not_say_that_the_old_answers_are_kept(
    stay: Trajectory, post: Post
) -> None:
    old = exit_on(stay, TUESDAY)
    with travel(at(TUESDAY, 20)):
        save_answer(invitation=old, number=1, value=2, by=stay.participant.user)
    new = again_on(old, TUESDAY + DAY)
    live(post, TUESDAY, 5)
    first, reminder = (render(m).text for m, _day in post.left)
    assert "Wat je invulde is bewaard" not in reminder
    with travel(at(TUESDAY + 5 * DAY)):
        save_answer(invitation=new, number=1, value=2, by=stay.participant.user)
    live(post, TUESDAY + 5 * DAY, 3)
    assert "Wat je invulde is bewaard" in render(post.left[-1][0]).text
    assert settings.SITE_URL in first
