"""Two acts about one questionnaire at the same moment: nobody's act dies, nothing is lost, and what
stands afterwards is what the facts say, so that the night finds nothing amiss (R-355, R-357).
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from core import clock
from core.messaging.models import Message
from core.organisations.models import Group
from core.sweep.steps import Turn
from groups.evenings.closing import close_evening, take_back_closing
from groups.evenings.meetings import cancel_meeting, move_meeting
from groups.goodbye.leaving import close_stay, reopen_stay
from groups.models import Meeting
from groups.seats.placement import move
from groups.sheet.attendance import Tap, record
from participants.journey import journey
from participants.models import ReturnException, Trajectory
from participants.stay.no_messages import send_nothing_more
from questionnaires.answers import answering, later
from questionnaires.cycle import backstop, cycle
from questionnaires.models import Draft, Invitation, Response
from tests import world
from tests.races import at_once, left_behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-355", "R-357")]

DAY = timedelta(days=1)
ROUNDS = 25
STATE = Invitation.State


class Life:
    """Casey, who came five times before `sixth`; it is nine in the evening of today."""

    def __init__(self, *, sixth: int) -> None:
        """`sixth`: how many days ago the sixth evening was; 0 is tonight, nothing written down."""
        self.now = clock.at(clock.today(), 21)
        self.first = clock.day_of(self.now) - (sixth + 70) * DAY
        with clock.travel(clock.at(self.first - 30 * DAY, 12)):
            self.group = world.make_group(age_from=12, age_until=30)
            self.other = world.make_group(age_from=12, age_until=30)
            Group.objects.filter(pk=self.other.pk).update(location=self.group.location)
            self.worker = world.make_worker(self.group)
            self.stay = world.make_trajectory(
                group=self.group,
                call_name="Casey",
                suitable=True,
                age=17,
                screened_on=self.first - 30 * DAY,
                consent_complete_on=self.first - 30 * DAY,
                definitive_on=self.first,
            )
            world.give_own_agreements(self.stay, settle=False)
            world.seat(self.stay, self.group, first_day=self.first)
        for number in range(1, 7):
            day = self.first + 14 * (number - 1) * DAY
            came = number < 6 or sixth
            evening = world.make_meeting(self.group, day, status="held" if came else "planned")
            with clock.travel(clock.at(day, 23)):
                if came:
                    world.attend(self.stay, evening)
                    cycle.refresh([self.stay.pk])
        self.sixth = evening
        self.by = self.stay.participant.user

    @property
    def fresh(self) -> Trajectory:
        return Trajectory.objects.get(pk=self.stay.pk)

    def open_wave(self) -> Invitation:
        return Invitation.objects.get(trajectory=self.stay, state="open")

    def begin(self) -> None:
        """Five answers of the list that is open, not sent."""
        self.wave = self.open_wave()
        with clock.travel(self.now):
            answering.save_answers(
                invitation=self.wave, values=dict.fromkeys(range(1, 6), 2), by=self.by
            )

    # ---- Whoever does something ----------------------------------------------------------

    def record(self) -> None:
        tap = Tap(uuid4(), self.stay.pk, "present", 0)
        record(meeting=self.sixth, taps=[tap], by=self.worker)

    def close(self) -> None:
        close_evening(meeting=self.sixth, by=self.worker)

    def not_over_yet(self) -> None:
        take_back_closing(meeting=self.sixth, by=self.worker)

    def move(self) -> None:
        day = clock.day_of(self.now) + DAY
        move_meeting(meeting=self.sixth, date=day, by=self.worker)

    def cancel(self) -> None:
        cancel_meeting(meeting=self.sixth, reason="weather", by=self.worker)

    def correct(self) -> None:
        """The fifth evening: Casey was not there after all."""
        fifth = Meeting.objects.get(group=self.group, date=self.first + 56 * DAY)
        tap = Tap(uuid4(), self.stay.pk, "absent_with_notice", 1)
        record(meeting=fifth, taps=[tap], by=self.worker)

    def elsewhere(self) -> None:
        """From a day before the fifth evening on: two evenings do not count any more."""
        move(
            trajectory=self.fresh,
            to_group=self.other,
            first_day=self.first + 50 * DAY,
            by=self.worker,
            reason="Verhuisd",
        )

    def submit(self) -> None:
        answering.submit(invitation=self.wave, by=self.by)

    def tap_answer(self) -> None:
        answering.save_answer(invitation=self.wave, number=6, value=1, by=self.by)

    def rather_not(self) -> None:
        later.leave_alone(invitation=self.wave, by=self.by)

    def leave(self) -> None:
        close_stay(trajectory=self.fresh, exit_kind="other", exit_reason="own_wish", by=self.worker)

    def reopen(self) -> None:
        reopen_stay(trajectory=self.fresh, by=self.worker, reason="Vergissing")

    def sign_up_again(self) -> None:
        journey.open_stay(
            participant=self.fresh.participant,
            group=self.group,
            region=self.group.location.region,
            first_contact_by="app",
        )

    def nothing_more(self) -> None:
        send_nothing_more(participant=self.fresh.participant, by=None, reason="asked")

    def backstop(self) -> None:
        cycle.put_right([self.stay.pk], clock.now())

    def rebuild(self) -> None:
        backstop.rebuild([self.stay.pk])


def tonight() -> Life:
    return Life(sixth=0)


def closed_tonight() -> Life:
    life = Life(sixth=0)
    with clock.travel(life.now):
        life.close()
        life.record()
    return life


def with_a_list() -> Life:
    """The interim stands open since two days, and was begun."""
    life = Life(sixth=2)
    life.begin()
    return life


def said_goodbye() -> Life:
    """Left yesterday; the list of leaving is open and begun, and they may come back."""
    life = Life(sixth=2)
    with clock.travel(life.now - DAY):
        life.leave()
    ReturnException.objects.create(
        participant=life.stay.participant,
        by=life.worker,
        discussed_with=world.make_staff(),
        at=clock.now(),
        reason="Mag terug",
    )
    life.begin()
    return life


def lost_a_call() -> Life:
    """Nobody heard that the interim was earned: the night is about to put that right."""
    life = Life(sixth=2)
    Invitation.objects.filter(trajectory=life.stay, wave="interim").delete()
    return life


RACES: list[tuple[Callable[[], Life], str, str]] = [
    (tonight, "record", "close"),
    (tonight, "record", "move"),
    (tonight, "record", "cancel"),
    (closed_tonight, "backstop", "not_over_yet"),
    (tonight, "backstop", "record"),
    (tonight, "rebuild", "close"),
    (lost_a_call, "backstop", "backstop"),
    (lost_a_call, "backstop", "correct"),
    (lost_a_call, "rebuild", "leave"),
    (with_a_list, "submit", "correct"),
    (with_a_list, "tap_answer", "correct"),
    (with_a_list, "submit", "elsewhere"),
    (with_a_list, "submit", "submit"),
    (with_a_list, "submit", "backstop"),
    (with_a_list, "submit", "leave"),
    (with_a_list, "rather_not", "correct"),
    (said_goodbye, "submit", "sign_up_again"),
    (said_goodbye, "submit", "reopen"),
    (said_goodbye, "tap_answer", "reopen"),
    (said_goodbye, "submit", "nothing_more"),
    (said_goodbye, "sign_up_again", "reopen"),
    (said_goodbye, "sign_up_again", "sign_up_again"),
    (said_goodbye, "rebuild", "sign_up_again"),
]
#: What may be refused, in words.
RULES = {
    "meeting_cancelled",
    "meeting_to_come",
    "already_recorded",
    "only_planned",
    "not_open",
    "exit_answered",
    "already_running",
    "return_needs_exception",
}


def race(begin: Callable[[], Life], first: str, second: str, rounds: int) -> dict[str, int]:
    dice, came_to = random.Random(f"{begin.__name__} {first} {second}"), dict[str, int]()
    for _round in range(rounds):
        life = begin()

        def act(name: str, life: Life = life) -> Callable[[], Any]:
            def at_nine() -> Any:
                with clock.travel(life.now):
                    return getattr(life, name)()

            return at_nine

        outcomes = at_once([act(first), act(second)], dice, longest_pause=0.02)
        assert set(outcomes) <= {"done"} | RULES, outcomes
        assert "done" in outcomes
        for outcome in outcomes:
            came_to[outcome] = came_to.get(outcome, 0) + 1
        all_is_right(life, life.now)
    assert left_behind() == 0
    return came_to


def all_is_right(life: Life, at: datetime) -> None:
    stays = Trajectory.objects.filter(participant=life.stay.participant_id)
    ids = list(stays.values_list("pk", flat=True))
    with clock.travel(at):
        assert cycle.put_right(ids, at) == set(), "the night finds nothing amiss"
    waves = list(Invitation.objects.filter(trajectory__in=ids))
    assert sum(wave.state == STATE.OPEN for wave in waves) <= 1
    answered = {wave.pk for wave in waves if wave.state == STATE.ANSWERED}
    assert answered == set(Response.objects.filter(trajectory__in=ids).values_list("pk", flat=True))
    drafts = Draft.objects.filter(invitation__trajectory__in=ids)
    for draft in drafts.select_related("invitation"):
        assert draft.pk not in answered, "sent or not sent, not both"
        over = draft.invitation.state in (STATE.MISSED, STATE.WITHDRAWN)
        assert draft.partial is over
    asked = {wave.pk for wave in waves if wave.state == STATE.OPEN}
    waiting = Message.objects.filter(
        kind__startswith="questionnaire", state="queued", subject_id__in=[w.pk for w in waves]
    )
    assert set(waiting.values_list("subject_id", flat=True)) <= asked


@pytest.mark.parametrize(
    ("begin", "first", "second"), RACES, ids=lambda one: getattr(one, "__name__", one)
)
def test_two_at_once_about_one_questionnaire(
    begin: Callable[[], Life], first: str, second: str
) -> None:
    race(begin, first, second, rounds=2)


@pytest.mark.deep
@pytest.mark.parametrize(
    ("begin", "first", "second"), RACES, ids=lambda one: getattr(one, "__name__", one)
)
def test_twenty_five_times_at_once_about_one_questionnaire(
    begin: Callable[[], Life], first: str, second: str
) -> None:
    came_to = race(begin, first, second, ROUNDS)
    assert sum(came_to.values()) == 2 * ROUNDS


@pytest.mark.parametrize("acts", [("record", "close"), ("close", "record")])
def test_what_happened_since_a_turn_began_is_not_taken_back(acts: tuple[str, str]) -> None:
    """A night of many stays began at five to nine; at nine the evening was closed."""
    life = tonight()
    began, read = life.now - timedelta(minutes=5), life.now + timedelta(seconds=1)
    with clock.travel(life.now):
        for name in acts:
            getattr(life, name)()
    opened = life.open_wave()
    assert opened.wave == "interim"
    with clock.travel(read):
        assert cycle.put_right([life.stay.pk], began) == set()
        turn = Turn("waves", now=began, since=began, day=clock.day_of(began))
        cycle.bring_up_to_date(turn, [life.stay.pk])
    assert life.open_wave().pk == opened.pk
