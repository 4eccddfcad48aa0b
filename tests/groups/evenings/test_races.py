"""An evening is cancelled or moved while others tap, tell and agree: nobody's act dies (R-357)."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.evenings import absence
from groups.evenings.closing import close_evening, take_back_closing
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_meeting
from groups.evenings.take_back import take_back
from groups.models import (
    AbsenceNotice,
    Attendance,
    AttendanceTap,
    LastMeeting,
    Meeting,
    MeetingChange,
    Notice,
    Placement,
)
from groups.seats.placement import move
from groups.sheet.attendance import Tap, everyone_here, record
from participants.models import Trajectory
from tests import world
from tests.races import at_once, left_behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-357")]

PEOPLE = 4
ROUNDS = 200


class Evening:
    """Tonight's evening of one group, put back as it was after each round."""

    def __init__(self) -> None:
        self.day = clock.today()
        self.group, self.other = world.make_group(), world.make_group()
        self.worker, self.colleague = (world.make_worker(self.group) for _ in range(2))
        long_ago = self.day - timedelta(days=60)
        self.stays = [
            world.make_participating(self.group, since=long_ago, age=17) for _ in range(PEOPLE)
        ]
        for stay in self.stays:
            world.give_own_agreements(stay)
        self.meeting = world.make_meeting(self.group, self.day)

    def put_back(self) -> None:
        AttendanceTap.objects.all().delete()
        for model in (Attendance, AbsenceNotice, LastMeeting, Notice, MeetingChange):
            model.objects.all().delete()
        Meeting.objects.exclude(pk=self.meeting.pk).delete()
        Meeting.objects.update(status="planned", cancel_reason="", date=self.day, closed_at=None)
        Trajectory.objects.update(phase="participating", last_meeting_on=None, group=self.group)
        Placement.objects.filter(group=self.other).delete()
        Placement.objects.update(last_day=None)
        for group, taken in ((self.group, PEOPLE), (self.other, 0)):
            Group.objects.filter(pk=group.pk).update(places_taken=taken)

    def stay(self, number: int = 0) -> Trajectory:
        return Trajectory.objects.get(pk=self.stays[number].pk)

    # ---- Whoever changes the evening ---------------------------------------------

    def cancel(self) -> None:
        cancel_meeting(meeting=self.meeting, reason="weather", by=self.worker)

    def move(self) -> None:
        tomorrow = self.day + timedelta(days=1)
        move_meeting(meeting=self.meeting, date=tomorrow, by=self.worker)

    def plan(self) -> None:
        plan_meeting(group=self.group, date=self.day + timedelta(days=2), by=self.worker)

    def plan_again(self) -> None:
        plan_meeting(group=self.group, date=self.day, by=self.worker)

    def take_back(self) -> None:
        """The cancelling that went before."""
        take_back(change=MeetingChange.objects.earliest("at", "pk"), by=self.colleague)

    def close(self) -> None:
        """As late as it takes for it to have begun."""
        with clock.travel(clock.at(self.day, 23)):
            close_evening(meeting=self.meeting, by=self.worker)

    def not_over_yet(self) -> None:
        take_back_closing(meeting=self.meeting, by=self.colleague)

    # ---- Whoever takes part in it ------------------------------------------------

    def record(self) -> None:
        taps = [Tap(uuid7(), stay.pk, "present", 0) for stay in reversed(self.stays)]
        record(meeting=self.meeting, taps=taps, by=self.colleague)

    def everyone_here(self) -> None:
        everyone_here(meeting=self.meeting, client_id=uuid7(), by=self.colleague)

    def cannot_come(self) -> None:
        absence.tell(meeting=self.meeting, trajectory=self.stay())

    def agree_last(self) -> None:
        agree_last_meeting(trajectory=self.stay(), meeting=self.meeting, by=self.colleague)

    def go_elsewhere(self) -> None:
        move(
            trajectory=self.stay(),
            to_group=self.other,
            first_day=self.day + timedelta(days=1),
            by=self.colleague,
            reason="Past beter",
        )


RULES = {
    "changed_since",
    "meeting_that_day",
    "meeting_cancelled",
    "already_recorded",
    "only_planned",
    "too_late",
    "not_planned",
}
TOLD = {"meeting_to_come", "not_on_sheet", "not_your_meeting", "not_placed", "agree_first"}
PAIRS = [
    ("record", "cancel"),
    ("everyone_here", "cancel"),
    ("cannot_come", "cancel"),
    ("agree_last", "cancel"),
    ("record", "move"),
    ("agree_last", "move"),
    ("everyone_here", "plan"),
    ("go_elsewhere", "cancel"),
    ("go_elsewhere", "plan"),
    ("record", "close"),
    ("close", "close"),
    ("close", "not_over_yet"),
    ("cancel", "close"),
]


#: After it was cancelled: it goes ahead after all while somebody else does something else.
AFTER_CANCELLING = [
    ("take_back", "cancel"),
    ("take_back", "take_back"),
    ("take_back", "plan_again"),
    ("take_back", "record"),
    ("take_back", "agree_last"),
    ("take_back", "go_elsewhere"),
    ("take_back", "move"),
]


def race(first: str, second: str, rounds: int) -> dict[str, int]:
    evening, dice, came_to = Evening(), random.Random(f"{first} {second}"), dict[str, int]()
    for _round in range(rounds):
        if first == "take_back":
            evening.cancel()
        acts: list[Callable[[], Any]] = [getattr(evening, first), getattr(evening, second)]
        outcomes = at_once(acts, dice, longest_pause=0.01)
        assert set(outcomes) <= {"done"} | RULES | TOLD, outcomes
        for outcome in outcomes:
            came_to[outcome] = came_to.get(outcome, 0) + 1
        assert_one_truth(evening)
        evening.put_back()
    assert left_behind() == 0
    return came_to


def assert_one_truth(evening: Evening) -> None:
    """It is cancelled where a cancelling stands that nobody took back; nobody hears two things."""
    changes = MeetingChange.objects.filter(meeting=evening.meeting).order_by("at", "pk")
    standing = [one.kind for one in changes if one.taken_back_at is None]
    status = Meeting.objects.values_list("status", flat=True).get(pk=evening.meeting.pk)
    assert (status == "cancelled") == (standing[-1:] == ["cancelled"]), (status, standing)
    heard: set[Any] = set()
    for notice in Notice.objects.open():
        assert notice.contact_id not in heard, "two messages wait for one person"
        heard.add(notice.contact_id)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_at_once_about_one_evening(first: str, second: str) -> None:
    race(first, second, rounds=5)


@pytest.mark.parametrize(("first", "second"), AFTER_CANCELLING)
def test_two_at_once_after_a_cancelling(first: str, second: str) -> None:
    race(first, second, rounds=4)


@pytest.mark.deep
@pytest.mark.parametrize(("first", "second"), PAIRS + AFTER_CANCELLING)
def test_two_hundred_times_at_once_about_one_evening(first: str, second: str) -> None:
    came_to = race(first, second, ROUNDS)
    assert sum(came_to.values()) == 2 * ROUNDS
