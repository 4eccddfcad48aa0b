"""Random plans, moves, cancellations and takings back: everybody is told exactly once, and nobody
of what was taken back in time (R-376).

The model knows one thing about each person: what they think of each day, by what reached them. It
is never told what the rules do; it reads the mails as people do.
"""

import contextlib
import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import clock
from core.errors import RuleBroken
from core.messaging.models import Message
from core.messaging.sending import send_due
from core.organisations.models import Group
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_ahead, plan_meeting
from groups.evenings.ring_list import say_told
from groups.evenings.take_back import take_back
from groups.evenings.told import KIND
from groups.models import Meeting, MeetingChange, Notice
from participants.models import Trajectory
from tests import world

START = date(2026, 9, 1)
SINCE = START - timedelta(days=100)
Thought = dict[UUID, datetime | None]


class Life:
    """One group, what its people think, and the dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.group: Group = world.make_group(age_from=12, age_until=30)
        self.worker: Any = world.make_worker(self.group)
        self.now = clock.at(START, 10)
        with clock.travel(clock.at(SINCE, 12)):
            came = world.make_meeting(self.group, SINCE, status="held")
        self.people: dict[UUID, Trajectory] = {}
        for name, facts in (
            ("Amir", {"age": 20}),
            ("Noor", {"age": 15}),
            ("Sam", {"age": 20, "email": ""}),
        ):
            with clock.travel(self.now):
                stay = world.make_participating(self.group, since=SINCE, call_name=name, **facts)
            world.attend(stay, came)
            self.people[stay.pk] = stay
        self.thinks: dict[UUID, Thought] = defaultdict(dict)
        self.heard: set[UUID] = set()

    def step(self) -> None:
        minutes = self.dice.choice((2, 2, 30, 60 * 5, 60 * 26, 60 * 24 * 6))
        self.now += timedelta(minutes=minutes)
        with clock.travel(self.now):
            if self.dice.random() < 0.6:
                self.hear()
            act = self.dice.choice((self.plan, self.plan_more, self.move, self.cancel, self.undo))
            with contextlib.suppress(RuleBroken):
                act()

    def end(self) -> None:
        """Whatever waits reaches its people; then everybody knows what is true."""
        for _n in range(3):
            self.now = clock.at(clock.day_of(self.now), 17)
            with clock.travel(self.now):
                self.hear()
                self.everybody_knows()
            self.now += timedelta(days=1)

    # -- what the workers do

    def day(self) -> date:
        return clock.day_of(self.now) + timedelta(days=self.dice.randrange(0, 21))

    def plan(self) -> None:
        plan_meeting(group=self.group, date=self.day(), by=self.worker)

    def plan_more(self) -> None:
        days = {self.day() for _n in range(3)}
        plan_ahead(group=self.group, dates=sorted(days), by=self.worker)

    def some(self) -> Meeting | None:
        rows = list(Meeting.objects.filter(group=self.group, status="planned").order_by("date"))
        return self.dice.choice(rows) if rows else None

    def move(self) -> None:
        if meeting := self.some():
            at = time(self.dice.choice((18, 19)))
            move_meeting(meeting=meeting, date=self.day(), starts_at=at, by=self.worker)

    def cancel(self) -> None:
        if meeting := self.some():
            cancel_meeting(meeting=meeting, reason="weather", by=self.worker)

    def undo(self) -> None:
        rows = list(MeetingChange.objects.order_by("-at", "-pk")[:3])
        if rows:
            take_back(change=self.dice.choice(rows), by=self.worker)

    # -- what reaches people

    def hear(self) -> None:
        send_due()
        for notice in Notice.objects.by_hand(clock.now()):
            say_told(notice=notice, by=self.worker)
        told = Notice.objects.current().prefetch_related("lines").select_related("message")
        for notice in told.exclude(pk__in=self.heard).order_by("made_at", "pk"):
            if not notice.is_told:
                continue
            self.heard.add(notice.pk)
            thinks = self.thinks[notice.trajectory_id]
            for line in notice.lines.all():
                known = thinks.get(line.meeting_id, line.was)
                assert known == line.was, "it speaks of what they think"
                assert line.was != line.now, "nobody is told what they know"
                thinks[line.meeting_id] = line.now

    def everybody_knows(self) -> None:
        now = clock.now()
        for meeting in Meeting.objects.filter(group=self.group, starts_at__gt=now):
            truth = None if meeting.status == "cancelled" else meeting.starts_at
            for stay in self.people:
                if not self._will_hear(stay):
                    assert self.thinks[stay].get(meeting.pk) == truth
        assert not Message.objects.filter(kind=KIND, state="dead").exists()
        sent = Message.objects.filter(kind=KIND, state="sent").values_list("subject_id", flat=True)
        assert set(sent) <= self.heard

    def _will_hear(self, stay: UUID) -> bool:
        """Their message waits for its hour."""
        return Notice.objects.open().filter(trajectory=stay, until__gt=clock.now()).exists()


def live(seed: int, steps: int) -> int:
    life = Life(seed)
    for _n in range(steps):
        life.step()
    life.end()
    return len(life.heard)


@pytest.mark.req("R-376")
@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_life_in_which_everybody_is_told_once(seed: int) -> None:
    assert live(seed, 12)


@pytest.mark.deep
@pytest.mark.req("R-376")
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_lives_in_which_everybody_is_told_once(seed: int) -> None:
    """Twenty lives of thirty acts."""
    assert live(seed, 30)
