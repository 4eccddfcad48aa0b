"""Undo, taking back, telling, moving and erasing, each while somebody else acts (R-357, R-378)."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.ids import uuid7
from core.messaging.models import Message
from groups.evenings import absence
from groups.evenings.meetings import cancel_meeting
from groups.evenings.ring_list import say_told
from groups.evenings.take_back import take_back
from groups.models import (
    Attendance,
    AttendanceTap,
    GroupMove,
    Meeting,
    MeetingChange,
    Notice,
    Placement,
    SheetAct,
    Visitor,
)
from groups.seats.moving import answer_move, ask_move, take_back_move
from groups.sheet.attendance import Tap, everyone_here, record
from groups.sheet.beside import add_visitor, count_guests
from groups.sheet.undo import undo
from participants.models import Trajectory
from participants.rights.erasure import erase_person
from tests import world
from tests.races import at_once, left_behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("R-357", "R-378")]


class Night:
    """A group of three, two workers and tonight's evening, made anew for each round."""

    def __init__(self) -> None:
        self.day = clock.today()
        self.group = world.make_group()
        house = {"organisation": self.group.location.organisation}
        self.other = world.make_group(region=self.group.location.region, **house)
        self.fleur, self.daan = (world.make_worker(self.group) for _ in range(2))
        long_ago = self.day - timedelta(days=60)
        self.stays = [
            world.make_participating(self.group, since=long_ago, age=16) for _ in range(3)
        ]
        for stay in self.stays:
            world.give_own_agreements(stay)
        self.meeting = world.make_tonight(self.group)
        self.asked: GroupMove | None = None

    def stay(self) -> Trajectory:
        return Trajectory.objects.get(pk=self.stays[0].pk)

    # ---- What stands before it begins --------------------------------------------

    def tapped(self) -> None:
        everyone_here(meeting=self.meeting, client_id=uuid7(), by=self.fleur)
        add_visitor(meeting=self.meeting, client_id=uuid7(), by=self.fleur, call_name="Bo")

    def called_off(self) -> None:
        cancel_meeting(meeting=self.meeting, reason="weather", by=self.fleur)

    def question(self) -> None:
        self.asked = ask_move(
            trajectory=self.stay(),
            to_group=self.other,
            first_day=self.day,
            reason="Dichterbij",
            by=self.fleur,
        )

    # ---- The acts ----------------------------------------------------------------

    def undo(self) -> None:
        undo(meeting=self.meeting, client_id=uuid7(), by=self.fleur)

    def record(self) -> None:
        stay = self.stays[0].pk
        row = Attendance.objects.filter(meeting=self.meeting, trajectory=stay).first()
        version = row.version if row else 0
        tap = Tap(uuid7(), stay, "absent_without_notice", version)
        record(meeting=self.meeting, taps=[tap], by=self.daan)

    def guest(self) -> None:
        count_guests(meeting=self.meeting, change=1, client_id=uuid7(), by=self.daan)

    def cancel(self) -> None:
        cancel_meeting(meeting=self.meeting, reason="weather", by=self.daan)

    def cannot_come(self) -> None:
        absence.tell(meeting=self.meeting, trajectory=self.stay())

    def take_back(self) -> None:
        change = MeetingChange.objects.filter(meeting=self.meeting).latest("at")
        take_back(change=change, by=self.daan)

    def told(self) -> None:
        for notice in Notice.objects.filter(group=self.group).order_by("pk"):
            say_told(notice=notice, by=self.daan)

    def ask(self) -> None:
        self.question()

    def yes(self) -> None:
        assert self.asked is not None
        answer_move(asked=self.asked, yes=True, by=self.fleur)

    def no(self) -> None:
        assert self.asked is not None
        answer_move(asked=self.asked, yes=False, by=self.daan)

    def not_any_more(self) -> None:
        assert self.asked is not None
        take_back_move(asked=self.asked, by=self.daan)

    def erase(self) -> None:
        erase_person(participant=self.stay().participant)

    # ---- What holds after it -----------------------------------------------------

    def check(self) -> None:
        meeting = Meeting.objects.get(pk=self.meeting.pk)
        recorded = Attendance.objects.filter(meeting=meeting).exclude(state="not_recorded")
        if meeting.status != "cancelled":
            assert (meeting.status == "held") is recorded.exists()
        else:
            assert not recorded.exists(), "a meeting that did not happen has nobody"
        for row in Attendance.objects.filter(meeting=meeting):
            taps = AttendanceTap.objects.filter(attendance=row).order_by("-version")
            newest = taps.first()
            assert newest is not None
            assert (newest.to_state, newest.version) == (row.state, row.version)
            assert taps.count() == row.version, "each version is one tap"
        one_more = SheetAct.objects.filter(meeting=meeting, kind="guests")
        assert meeting.guests == sum(one_more.values_list("change", flat=True))
        acts = SheetAct.objects.filter(meeting=meeting, kind="visitor")
        here = Visitor.objects.here().filter(meeting=meeting).count()
        assert here == sum(acts.values_list("change", flat=True))
        for stay in self.stays:
            assert Placement.objects.open().filter(trajectory=stay).count() <= 1
        self._everybody_knows(meeting)
        if self.asked is not None:
            asked = GroupMove.objects.get(pk=self.asked.pk)
            stay = self.stay()
            assert (stay.group_id == self.other.pk) is (asked.ended_why == "done")
            waits = Message.objects.filter(kind="groups.move_asked", state="queued")
            assert not (asked.ended_at and waits.filter(subject_id=asked.pk).exists())

    def _everybody_knows(self, meeting: Meeting) -> None:
        """Whoever was told last what is not so, is being told now."""
        for stay in self.stays:
            if Trajectory.objects.filter(pk=stay.pk, participant__erased_at__isnull=False).exists():
                continue  # who is not there any more hears nothing
            rows = Notice.objects.current().filter(group=self.group, trajectory=stay, parent=False)
            lines = [
                line.now
                for notice in rows.order_by("made_at", "pk")
                for line in notice.lines.filter(meeting=meeting)
            ]
            truth = None if meeting.status == "cancelled" else meeting.starts_at
            assert not lines or lines[-1] == truth


RULES = {
    "already_recorded",
    "asked_already",
    "client_id_used",
    "meeting_cancelled",
    "move_over",
    "not_on_sheet",
    "not_placed",
    "not_your_meeting",
    "other_organisation",
    "too_late",
}
PAIRS = [
    ("tapped", "undo", "undo"),
    ("tapped", "undo", "record"),
    ("tapped", "undo", "guest"),
    ("tapped", "undo", "cancel"),
    ("tapped", "undo", "erase"),
    ("tapped", "record", "erase"),
    ("called_off", "take_back", "take_back"),
    ("called_off", "take_back", "told"),
    ("called_off", "take_back", "record"),
    ("called_off", "take_back", "cannot_come"),
    ("called_off", "take_back", "erase"),
    ("called_off", "told", "erase"),
    ("", "ask", "ask"),
    ("question", "yes", "yes"),
    ("question", "yes", "no"),
    ("question", "yes", "not_any_more"),
    ("question", "yes", "cancel"),
    ("question", "yes", "record"),
    ("question", "yes", "erase"),
    ("question", "no", "not_any_more"),
]
ROUNDS = 20


def race(stands: str, first: str, second: str, rounds: int) -> None:
    dice = random.Random(f"{stands} {first} {second}")
    with clock.travel(clock.at(clock.today(), 20)):
        for _round in range(rounds):
            night = Night()
            if stands:
                getattr(night, stands)()
            moment = clock.now()

            def at_eight(name: str, night: Night = night, moment: Any = moment) -> Any:
                with clock.travel(moment):
                    return getattr(night, name)()

            acts: list[Callable[[], Any]] = [
                lambda: at_eight(first),
                lambda: at_eight(second),
            ]
            outcomes = at_once(acts, dice, longest_pause=0.01)
            assert set(outcomes) <= {"done"} | RULES, outcomes
            night.check()
    assert left_behind() == 0


@pytest.mark.deep
@pytest.mark.parametrize(("stands", "first", "second"), PAIRS)
def test_twenty_times_at_once(stands: str, first: str, second: str) -> None:
    race(stands, first, second, ROUNDS)
