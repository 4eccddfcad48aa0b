"""Whatever call was lost, the night brings every stay to what a rebuild gives (R-355).

Each act that tells the port is done once with nobody listening. What the next night then makes of
it must be what a rebuild makes of it, to the field.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction

from core import clock, ports
from core.ids import uuid7
from core.organisations.models import Group
from core.sweep import steps
from core.sweep.models import StepState
from core.sweep.steps import Outcome, take_turn
from groups.evenings import closing, meetings
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.take_back import take_back
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all, stop_myself
from groups.models import Attendance, Meeting, MeetingChange
from groups.seats import placement
from groups.seats.planned_move import begin_move, call_off_move
from groups.sheet.attendance import Tap
from joinus.home.run_due import STEPS
from participants.intake import talk
from participants.journey import journey
from participants.models import Participant, ReturnException, Trajectory
from participants.rights import erasure
from participants.stay.changes import StayFact
from participants.stay.no_messages import send_nothing_more
from questionnaires.answers import answering
from questionnaires.cycle import backstop, cycle
from questionnaires.models import CycleState, Invitation
from tests import world
from tests.participants.intake.build import complete

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]

FIRST = date(2026, 1, 8)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
F = StayFact


def nth(number: int) -> date:
    return FIRST + 2 * WEEK * (number - 1)


# ---- A group, its people, and the night ------------------------------------------------------


@dataclass
class Town:
    """One group with an evening every two weeks; at noon of any day, by the clock of the test."""

    it_is: Callable[[datetime], None]
    group: Group = field(init=False)
    worker: Any = field(init=False)

    def __post_init__(self) -> None:
        self.go_to(FIRST - 40 * DAY)
        self.group = world.make_group()
        self.worker = world.make_worker(self.group)

    def go_to(self, day: date, hour: int = 12, minute: int = 0) -> None:
        self.it_is(clock.at(day, hour, minute))

    def evening(self, number: int) -> Meeting:
        found = Meeting.objects.filter(group=self.group, date=nth(number)).first()
        return found or world.make_meeting(self.group, nth(number))

    def person(self, *came: int, **fields: Any) -> Trajectory:
        """Somebody of twenty who takes part since the first evening, and came to these."""
        self.go_to(FIRST - 30 * DAY)
        stay = world.make_participating(
            self.group,
            since=FIRST,
            age=20,
            screened_on=FIRST - 30 * DAY,
            consent_complete_on=FIRST - 30 * DAY,
            **fields,
        )
        world.give_own_agreements(stay)
        self.rebuild()
        for number in came:
            self.came(stay, number)
        return self.known(stay)

    def came(self, stay: Trajectory, number: int, state: str = "present") -> None:
        """Tapped at nine that evening; the cycle hears of it, and of the end of the evening."""
        self.go_to(nth(number), 21)
        self.tap(stay, self.evening(number), state)
        self.go_to(nth(number), 23, 30)
        self.five_minutes()

    def tap(self, stay: Trajectory, meeting: Meeting, state: str) -> None:
        row = Attendance.objects.filter(meeting=meeting, trajectory=stay).first()
        tap = Tap(uuid7(), stay.pk, state, row.version if row else 0)
        world.write_down(meeting, [tap], self.worker)

    def known(self, stay: Trajectory) -> Trajectory:
        return Trajectory.objects.get(pk=stay.pk)

    def close(self, stay: Trajectory, kind: str = "other", reason: str = "moved") -> Trajectory:
        return close_stay(trajectory=stay, exit_kind=kind, exit_reason=reason, by=self.worker)

    def five_minutes(self) -> None:
        turn("waves")

    def rebuild(self) -> None:
        backstop.rebuild()


def turn(name: str) -> Outcome:
    outcome = take_turn(next(step for step in STEPS if step.name == name), forced=True)
    assert outcome.is_well, outcome.error
    return outcome


@pytest.fixture
def town(it_is: Callable[[datetime], None]) -> Town:
    return Town(it_is)


def written() -> dict[str, list[Any]]:
    """Every field of the cycle; of a new row the key is its own affair."""
    waves = Invitation.objects.order_by(
        "trajectory", "wave", "sequence", "opening", "earned_on", "opened_on"
    )
    names = [f.attname for f in Invitation._meta.concrete_fields if f.name != "id"]
    return {
        "waves": list(waves.values_list(*names)),
        "counters": list(CycleState.objects.order_by("pk").values_list()),
    }


def rebuilt() -> dict[str, list[Any]]:
    """What a rebuild gives now; nothing of it stays."""
    with transaction.atomic():
        backstop.rebuild()
        found = written()
        transaction.set_rollback(True)
    return found


# ---- Every act that tells the port -------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """`tells`: where in the code it is told, and which facts. `before` leads up to it.

    `at_most`: it may change nothing in the cycle, as a sign-up without a talk; the others must.
    """

    name: str
    tells: tuple[tuple[str, StayFact], ...]
    before: Callable[[Town], Any]
    do: Callable[[Town, Any], object]
    at_most: bool = False


ACTS: list[Act] = []


def act(
    name: str,
    *tells: tuple[str, StayFact],
    before: Callable[[Town], Any],
    at_most: bool = False,
) -> Callable[[Callable[[Town, Any], object]], None]:
    def keep(do: Callable[[Town, Any], object]) -> None:
        ACTS.append(Act(name, tells, before, do, at_most))

    return keep


PHASE = "participants.journey.journey.change_phase"


def newcomer(town: Town) -> Trajectory:
    """Had a first talk of which nothing is decided yet."""
    town.go_to(nth(3) + DAY)
    stay = world.make_suitable(town.group, age=20, agreed=False, screened_on=None)
    Trajectory.objects.filter(pk=stay.pk).update(suitable=None)
    stay.intake.decision, stay.intake.decided_at, stay.intake.enthusiastic = "", None, None
    stay.intake.save()
    town.rebuild()
    return town.known(stay)


@act("signs up", ("participants.journey.journey.open_stay", F.SIGNED_UP), before=newcomer)
def _signs_up(town: Town, stay: Trajectory) -> None:
    journey.open_stay(
        participant=world.make_participant(age=20),
        group=town.group,
        region=town.group.location.region,
        first_contact_by="app",
    )


@act(
    "is found suitable",
    ("participants.intake.talk.decide", F.SCREENED),
    before=newcomer,
)
def _is_found_suitable(town: Town, stay: Trajectory) -> None:
    world.give_own_agreements(stay, settle=False)
    complete(stay, town.worker)
    talk.decide(trajectory=town.known(stay), decision="suitable", reason="Past", by=town.worker)


def suitable_without_a_yes(town: Town) -> Trajectory:
    town.go_to(nth(3) + DAY)
    stay = world.make_suitable(town.group, age=20, agreed=False)
    town.rebuild()
    return stay


@act(
    "says yes",
    ("participants.consent.needed.settle", F.CONSENT),
    before=suitable_without_a_yes,
)
def _says_yes(town: Town, stay: Trajectory) -> None:
    world.give_own_agreements(stay)


def suitable(town: Town) -> Trajectory:
    town.go_to(nth(3) + DAY)
    stay = world.make_suitable(town.group, age=20)
    town.rebuild()
    return town.known(stay)


@act("withdraws before taking part", (PHASE, F.PHASE), before=suitable)
def _withdraws(town: Town, stay: Trajectory) -> None:
    journey.withdraw_sign_up(trajectory=stay, by=stay.participant.user)


def five(town: Town) -> Trajectory:
    return town.person(1, 2, 3, 4, 5)


def six(town: Town) -> Trajectory:
    return town.person(1, 2, 3, 4, 5, 6)


SHEET = ("groups.sheet.attendance.save", F.ATTENDANCE)


@act("the sixth is written down", SHEET, before=five)
def _sixth(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6), 21)
    town.tap(stay, town.evening(6), "present")


@act("the sixth is written down late", SHEET, before=five)
def _late(town: Town, stay: Trajectory) -> None:
    town.evening(6)
    town.go_to(nth(6) + 5 * DAY)
    town.tap(stay, town.evening(6), "present")


@act("an evening is corrected", SHEET, before=six)
def _corrected(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6) + 5 * DAY)
    town.tap(stay, town.evening(2), "absent_with_notice")


@act(
    "an evening that nobody wrote down is cancelled",
    ("groups.evenings.meetings.cancel_meeting", F.EVENING),
    before=lambda town: (town.evening(3), town.person(1, 2, 4, 5, 6, 7))[1],
)
def _cancelled(town: Town, stay: Trajectory) -> None:
    """Weeks after anything else happened to them: an evening keeps no day of change."""
    town.go_to(nth(7) + 45 * DAY)
    meetings.cancel_meeting(meeting=town.evening(3), reason="weather", by=town.worker)


@act(
    "takes a break",
    (PHASE, F.PHASE),
    ("participants.stay.holds.begin_hold", F.HOLD),
    before=six,
    at_most=True,
)
def _pauses(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6) + DAY)
    journey.pause_stay(trajectory=stay, by=town.worker, reason="Toetsweek")


def six_in_a_break(town: Town) -> Trajectory:
    """The sixth was the evening on which the break began."""
    stay = five(town)
    town.go_to(nth(6), 12)
    journey.pause_stay(trajectory=stay, by=town.worker, reason="Toetsweek")
    town.came(stay, 6)
    return town.known(stay)


@act(
    "comes back from a break",
    ("participants.stay.holds.end_hold", F.HOLD),
    before=six_in_a_break,
)
def _resumes(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6) + 3 * DAY)
    journey.resume_stay(trajectory=stay, by=town.worker)


@act("moves", ("groups.seats.placement.move", F.MOVED), before=six, at_most=True)
def _moves(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6) + DAY)
    placement.move(
        trajectory=stay,
        to_group=world.make_group(organisation=town.group.location.organisation),
        first_day=clock.today(),
        by=town.worker,
        reason="Dichterbij",
    )


def agreed(town: Town) -> Trajectory:
    stay = town.person(1, 2, 3)
    town.go_to(nth(3) + DAY)
    agree_last_meeting(trajectory=stay, meeting=town.evening(4), by=town.worker)
    return town.known(stay)


@act("agrees the last evening", (PHASE, F.LAST_MEETING), before=lambda t: t.person(1, 2, 3))
def _agrees(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(3) + DAY)
    agree_last_meeting(trajectory=stay, meeting=town.evening(4), by=town.worker)


@act(
    "agrees another last evening",
    ("participants.journey.journey.begin_leaving", F.LAST_MEETING),
    before=agreed,
)
def _agrees_another(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) - 5 * DAY)
    agree_last_meeting(trajectory=stay, meeting=town.evening(5), by=town.worker)


@act(
    "the last evening is moved",
    ("groups.evenings.last_meeting.follow_last_meeting", F.LAST_MEETING),
    before=agreed,
)
def _last_moved(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) - 5 * DAY)
    meetings.move_meeting(meeting=town.evening(4), date=nth(4) + WEEK, by=town.worker)


def said_goodbye(town: Town) -> Trajectory:
    stay = agreed(town)
    town.came(stay, 4)
    return town.known(stay)


@act("stays after all", (PHASE, F.LAST_MEETING), before=said_goodbye)
def _stays(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) + DAY)
    stay_after_all(trajectory=stay, by=town.worker)


@act(
    "stops",
    ("participants.journey.journey.begin_stopping", F.STOPPED),
    before=said_goodbye,
)
def _stops(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) + DAY)
    journey.begin_stopping(trajectory=stay, by=stay.participant.user)


@act("stops and is gone", (PHASE, F.EXIT), before=lambda town: town.person(1, 2, 3))
def _stops_and_is_gone(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(3) + DAY)
    stop_myself(trajectory=stay, later_contact=True, by=stay.participant.user)


@act("is closed", (PHASE, F.EXIT), before=said_goodbye)
def _closed(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) + DAY)
    town.close(stay)


@act("drops out", (PHASE, F.EXIT), before=lambda town: town.person(1, 2, 3))
def _drops_out(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(5) + DAY)
    town.close(stay, "drop_out", "no_contact")


def closed(town: Town) -> Trajectory:
    stay = said_goodbye(town)
    town.go_to(nth(4) + DAY)
    return town.close(stay)


@act("is reopened", (PHASE, F.REOPENED), before=closed)
def _reopened(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) + 9 * DAY)
    reopen_stay(trajectory=stay, by=town.worker, reason="Vergissing")


@act(
    "comes back later",
    ("participants.journey.journey._waive_for_return", F.RETURNED),
    before=closed,
)
def _returns(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(7))
    ReturnException.objects.create(
        participant=stay.participant,
        by=town.worker,
        discussed_with=world.make_staff(),
        at=clock.now(),
        reason="Mist de groep",
    )
    journey.open_stay(
        participant=stay.participant,
        group=stay.group,
        region=stay.region,
        first_contact_by="app",
    )


@act(
    "wants nothing more",
    ("participants.stay.no_messages.contact_stopped", F.CONTACT_REFUSED),
    before=closed,
)
def _nothing_more(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(7))
    participant = Participant.objects.get(pk=stay.participant_id)
    send_nothing_more(participant=participant, by=participant.user, reason="asked")


@act(
    "is erased",
    ("participants.rights.privacy.erase_person", F.ERASED),
    before=closed,
)
def _erased(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(7))
    erasure.erase_person(participant=Participant.objects.get(pk=stay.participant_id))


@act(
    "the first evenings are planned",
    ("groups.evenings.meetings.plan_meeting", F.EVENING),
    before=suitable,
)
def _planned(town: Town, stay: Trajectory) -> None:
    """The list is due on the first of them."""
    town.go_to(nth(4) - DAY)
    placed = world.seat(stay, town.group, first_day=clock.today())
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="participating", definitive_on=placed.first_day
    )
    town.rebuild()
    meetings.plan_meeting(group=town.group, date=nth(5), by=town.worker)


@act(
    "the first evenings are planned ahead",
    ("groups.evenings.meetings.plan_ahead", F.EVENING),
    before=suitable,
)
def _planned_ahead(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(4) - DAY)
    placed = world.seat(stay, town.group, first_day=clock.today())
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="participating", definitive_on=placed.first_day
    )
    town.rebuild()
    meetings.plan_ahead(group=town.group, dates=[nth(5), nth(6)], by=town.worker)


@act(
    "a moved evening is taken back",
    ("groups.evenings.take_back.take_back", F.EVENING),
    before=lambda t: (t.evening(1), t.person())[1],
)
def _moved_back(town: Town, stay: Trajectory) -> None:
    town.go_to(FIRST - DAY)
    meetings.move_meeting(meeting=town.evening(1), date=FIRST + WEEK, by=town.worker)
    town.rebuild()
    take_back(change=MeetingChange.objects.get(), by=town.worker)


def moves_later(town: Town) -> Trajectory:
    stay = six(town)
    town.go_to(nth(6) + DAY)
    placement.move(
        trajectory=stay,
        to_group=world.make_group(organisation=town.group.location.organisation),
        first_day=clock.today() + WEEK,
        by=town.worker,
        reason="Dichterbij",
    )
    return town.known(stay)


@act(
    "the day of a move has come",
    ("groups.seats.planned_move.begin_move", F.MOVED),
    before=moves_later,
    at_most=True,
)
def _move_begins(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6) + DAY + WEEK)
    begin_move(stay.pk)


@act(
    "a move is called off",
    ("groups.seats.planned_move.call_off_move", F.MOVED),
    before=moves_later,
    at_most=True,
)
def _move_called_off(town: Town, stay: Trajectory) -> None:
    call_off_move(trajectory=stay, by=town.worker)


@act(
    "the first evening is moved",
    ("groups.evenings.meetings.move_meeting", F.EVENING),
    before=lambda t: (t.evening(1), t.person())[1],
)
def _first_moved(town: Town, stay: Trajectory) -> None:
    town.go_to(FIRST - DAY)
    meetings.move_meeting(meeting=town.evening(1), date=FIRST + WEEK, by=town.worker)


@act(
    "the evening is closed",
    ("groups.evenings.closing.close_evening", F.EVENING),
    before=lambda town: town.person(1, 2, 3, 4, 5),
    at_most=True,
)
def _evening_closed(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6), 20)
    closing.close_evening(meeting=town.evening(6), by=town.worker)


def closed_early(town: Town) -> Trajectory:
    stay = five(town)
    town.go_to(nth(6), 20)
    town.tap(stay, town.evening(6), "present")
    closing.close_evening(meeting=town.evening(6), by=town.worker)
    return town.known(stay)


@act(
    "the closing of the evening is taken back",
    ("groups.evenings.closing.take_back_closing", F.EVENING),
    before=closed_early,
    at_most=True,
)
def _closing_taken_back(town: Town, stay: Trajectory) -> None:
    closing.take_back_closing(meeting=town.evening(6), by=town.worker)


# These tell nobody about this stay: the cycle rests on them all the same.


@act(
    "somebody else is written down on an evening that nobody had",
    before=lambda town: (town.evening(3), town.person(1, 2, 4, 5, 6, 7))[1],
)
def _somebody_else(town: Town, stay: Trajectory) -> None:
    """It was held after all: the reason says "not written down" no longer."""
    other = town.person()
    town.go_to(nth(7) + DAY)
    town.tap(other, town.evening(3), "present")


@act("answers", before=six)
def _answers(town: Town, stay: Trajectory) -> None:
    town.go_to(nth(6) + DAY)
    wave = Invitation.objects.open().get(trajectory=stay)
    answering.save_answers(invitation=wave, by=stay.participant.user, values={1: 3})
    answering.submit(invitation=wave, by=stay.participant.user)


class Listener:
    """Hears everything, and does nothing but what keeps the seats true."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def __call__(self, facts: Any) -> None:
        self.heard |= {str(fact) for of_stay in facts.values() for fact in of_stay}
        placement.give_back_seats(facts)


@pytest.mark.req("R-355")
@pytest.mark.parametrize("one", ACTS, ids=lambda one: one.name.replace(" ", "_"))
def test_what_nobody_told_is_found_by_the_next_night(
    one: Act, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay = one.before(town)
    town.five_minutes()
    assert written() == rebuilt(), "nothing was amiss before"
    listener = Listener()
    with ports.trajectory_changed.answering(listener), monkeypatch.context() as deaf:
        deaf.setattr(cycle, "refresh", lambda *_args, **_kwargs: None)
        one.do(town, stay)
    assert listener.heard >= {fact for _where, fact in one.tells}
    town.go_to(clock.today() + DAY, 3, 30)
    should, stood = rebuilt(), written()
    assert one.at_most or should != stood, "it makes no difference, so it proves nothing"
    found = turn("waves_left").done
    assert written() == should
    assert one.at_most or found
    assert rebuilt() == should
    assert (turn("waves_left").done, turn("waves_of_the_week").done) == (0, 0)


@pytest.mark.req("R-355")
def test_every_fact_and_every_place_that_tells_one_is_among_them() -> None:
    """Whoever tells the port something new says here how it is done."""
    covered = {told for one in ACTS for told in one.tells}
    assert {fact for _where, fact in covered} == set(StayFact)
    assert {where for where, _fact in covered} == set(places_that_tell()) - TELLS_BY_ITSELF


#: `changed` itself, and whoever calls the port again for a reason of its own.
TELLS_BY_ITSELF = {"participants.stay.changes.told_once"}


def places_that_tell() -> Iterator[str]:
    """Every function that says `changed(...)` or calls the port, by its module and name."""
    for app in ("participants", "groups", "challenges", "licensing", "joinus"):
        for path in Path(settings.BASE_DIR, app).glob("**/*.py"):
            module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef) and _says_changed(function):
                    yield f"{module}.{function.name}"


def _says_changed(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "changed"
        for node in ast.walk(function)
    )


@pytest.mark.req("R-355")
def test_a_tap_of_weeks_ago_is_found_after_an_outage(town: Town) -> None:
    stay = five(town)
    town.go_to(nth(6), 21)
    with ports.trajectory_changed.answering(lambda _facts: None):
        town.tap(stay, town.evening(6), "present")
    for name in ("waves", "waves_left"):
        StepState.objects.update_or_create(
            name=name, defaults={"looked_until": clock.at(nth(6), 3)}
        )
    town.go_to(nth(6) + 60 * DAY, 3, 30)
    assert turn("waves_left").done == 1
    assert Invitation.objects.get(wave="interim").trajectory_id == stay.pk


@pytest.mark.req("R-355")
def test_a_yes_that_is_complete_since_long_ago_is_found_by_the_next_night(town: Town) -> None:
    """As when an organisation only informs parents from now on: the day lies months back."""
    stay = world.make_trajectory(
        group=town.group,
        phase="intake",
        suitable=True,
        signed_up_at=clock.at(FIRST - 200 * DAY),
        screened_on=FIRST - 190 * DAY,
        consent_complete_on=FIRST - 190 * DAY,
    )
    town.go_to(FIRST, 3, 30)
    assert turn("waves_left").done == 1
    assert Invitation.objects.get().trajectory_id == stay.pk


# ---- A week ------------------------------------------------------------------------------------


def forgotten(town: Town, many: int) -> list[UUID]:
    """So many who left half a year ago; of each the follow-up is missing, and nothing tells."""
    stays = []
    for _number in range(many):
        town.go_to(FIRST)
        stays.append(
            world.make_trajectory(
                group=town.group,
                phase="former",
                exit_kind="drop_out",
                age=20,
                suitable=True,
                screened_on=FIRST - 30 * DAY,
                consent_complete_on=FIRST - 30 * DAY,
                definitive_on=FIRST,
                exited_on=FIRST,
                ended_on=FIRST,
            ).pk
        )
    town.go_to(FIRST + 60 * DAY)
    backstop.rebuild()
    CycleState.objects.update(next_due_at=None)
    town.go_to(FIRST + 180 * DAY, 3, 30)
    return stays


def looked(name: str, until: datetime) -> None:
    StepState.objects.update_or_create(name=name, defaults={"looked_until": until})


def right() -> set[UUID]:
    waves = Invitation.objects.filter(wave="follow_up")
    return set(waves.values_list("trajectory_id", flat=True))


@pytest.mark.req("R-355")
def test_whom_nothing_happened_to_has_a_turn_within_a_week(town: Town) -> None:
    stays = forgotten(town, 21)
    assert turn("waves").done == turn("waves_left").done == 0
    looked("waves_of_the_week", clock.now() - DAY)
    for night in range(1, 8):
        before = right()
        tonight = {stay for stay in stays if backstop.share(stay) == _number(clock.today())}
        assert turn("waves_of_the_week").done == len(tonight), night
        assert right() == before | tonight
        town.go_to(clock.today() + DAY, 3, 30)
    assert right() == set(stays)
    assert written() == rebuilt()


def _number(day: date) -> int:
    return day.toordinal() % backstop.NIGHTS


@pytest.mark.req("R-355")
def test_nights_that_were_left_out_are_made_up_for(town: Town) -> None:
    stays = forgotten(town, 21)
    looked("waves_of_the_week", clock.now() - 3 * DAY)
    turn("waves_of_the_week")
    nights = {_number(clock.today() - n * DAY) for n in range(3)}
    assert right() == {stay for stay in stays if backstop.share(stay) in nights}
    looked("waves_of_the_week", clock.now() - 30 * DAY)
    turn("waves_of_the_week")
    assert right() == set(stays)


@pytest.mark.req("R-355")
def test_a_share_that_does_not_fit_in_its_time_goes_on_where_it_stopped(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stays fit in each turn; nobody is looked at twice, and nobody is left out."""
    stays = forgotten(town, 20)
    seen: list[UUID] = []
    put_right = cycle.put_right
    clockwork = iter(range(10_000))

    def counted(ids: Any, at: datetime) -> set[UUID]:
        seen.extend(ids)
        return put_right(ids, at)

    monkeypatch.setattr(cycle, "put_right", counted)
    monkeypatch.setattr(cycle, "BATCH", 1)
    monkeypatch.setattr(steps.time, "monotonic", lambda: next(clockwork))
    monkeypatch.setattr(steps.Step, "limit", timedelta(seconds=63))
    looked("waves_of_the_week", clock.now() - 9 * DAY)
    night = next(step for step in STEPS if step.name == "waves_of_the_week")
    turns = 0
    while not (outcome := take_turn(night)).ended:
        assert outcome.is_well
        assert outcome.done == 2
        assert StepState.objects.get(name=night.name).failing_since is None
        turns += 1
        assert turns < 20
    assert turns == 9, "two in each, and nothing is left for the tenth but to see that"
    assert seen == sorted(seen, key=lambda stay: (_place(stay), stay))
    assert len(seen) == len(stays) == len(set(seen))
    assert right() == set(stays)
    assert StepState.objects.get(name=night.name).reached is None
    assert take_turn(night).skipped


def _place(stay: UUID) -> int:
    """The nights of the last week, in their order."""
    return (backstop.share(stay) - _number(clock.today()) - 1) % backstop.NIGHTS


@pytest.mark.req("R-355")
@pytest.mark.parametrize("name", ["waves_left", "waves_of_the_week"])
def test_who_is_killed_in_the_middle_is_gone_on_with(
    name: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = forgotten(town, 9)
    if name == "waves_left":
        Trajectory.objects.update(screened_on=clock.today())  # as a repair of yesterday
    monkeypatch.setattr(cycle, "BATCH", 2)
    put_right, tried = cycle.put_right, []

    def dies_in_the_third(ids: Any, at: datetime) -> set[UUID]:
        tried.append(ids)
        if len(tried) == 3:
            raise KeyboardInterrupt
        return put_right(ids, at)

    night = next(step for step in STEPS if step.name == name)
    looked(name, clock.now() - 9 * DAY)
    monkeypatch.setattr(cycle, "put_right", dies_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        take_turn(night)
    assert len(right()) == 4
    state = StepState.objects.get(name=name)
    assert (state.claim is None, state.reached) == (False, tried[1][-1])
    town.go_to(clock.today(), 5, 30)
    monkeypatch.setattr(cycle, "put_right", put_right)
    assert take_turn(night).done == 5
    assert right() == set(stays)


# ---- What the operator hears, and what it costs -------------------------------------------------


@pytest.mark.req("R-355")
def test_what_was_amiss_is_told_to_the_operator(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    stay = five(town)
    town.go_to(nth(6), 21)
    with ports.trajectory_changed.answering(lambda _facts: None):
        town.tap(stay, town.evening(6), "present")
    town.go_to(nth(6) + DAY, 3, 30)
    outcome = turn("waves_left")
    state = StepState.objects.get(name="waves_left")
    assert (outcome.done, state.amiss, state.amiss_at) == (1, 1, clock.now())
    [line] = [r for r in caplog.records if "sweep_found_amiss" in r.getMessage()]
    assert line.levelname == "ERROR"
    assert str(stay.pk) in line.getMessage()
    assert stay.participant.call_name not in line.getMessage()
    town.go_to(nth(6) + 2 * DAY, 3, 30)
    assert turn("waves_left").done == 0
    assert StepState.objects.get(name="waves_left").amiss_at == state.amiss_at


@pytest.mark.req("R-355")
def test_what_time_made_due_is_no_lost_call(town: Town) -> None:
    """Nobody swept for a day, and then the night came first."""
    stay = closed(town)
    assert not Invitation.objects.filter(wave="follow_up").exists()
    town.go_to(nth(4) + 95 * DAY, 3, 30)
    assert turn("waves_left").done == 1
    assert Invitation.objects.get(wave="follow_up").trajectory_id == stay.pk
    assert StepState.objects.get(name="waves_left").amiss == 0


@pytest.mark.req("R-355")
def test_what_stands_right_is_read_without_a_lock_and_not_written(
    town: Town, django_assert_num_queries: Any
) -> None:
    for _number in range(3):
        six(town)
    town.go_to(clock.today() + DAY, 3, 30)
    before = written()
    turn("waves_left")
    with django_assert_num_queries(6) as statements:
        turn("waves_left")
    said = [one["sql"] for one in statements.captured_queries]
    assert not any("FOR NO KEY UPDATE" in sql or "FOR UPDATE" in sql for sql in said)
    changed = [sql for sql in said if not sql.startswith(("SELECT", "(SELECT"))]
    assert not any("questionnaires" in sql for sql in changed)
    assert written() == before


# ---- A restore -----------------------------------------------------------------------------------


@pytest.mark.req("R-355")
def test_a_restore_of_yesterdays_cycle_comes_to_what_the_facts_of_today_say(town: Town) -> None:
    """Everybody went on for a day; then the tables of the cycle are those of the day before."""
    goodbye, sixth, leaves = said_goodbye(town), five(town), town.person(1, 2, 3)
    town.go_to(nth(6) - DAY)
    town.rebuild()
    waves = list(Invitation.objects.all())
    counters = list(CycleState.objects.all())
    town.go_to(nth(6), 14)
    town.close(goodbye)
    town.close(leaves, "drop_out", "no_contact")
    town.came(sixth, 6)
    today = written()
    Invitation.objects.all().delete()
    CycleState.objects.all().delete()
    Invitation.objects.bulk_create(waves)
    CycleState.objects.bulk_create(counters)
    assert written() != today
    town.go_to(nth(6) + DAY, 3, 30)
    town.five_minutes()
    should = rebuilt()
    assert turn("waves_left").done == 3
    assert written() == should
    assert should["counters"] == today["counters"]
    assert rebuilt() == should
