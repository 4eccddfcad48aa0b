"""What part 6 asks about bad moments, each by itself and through the real actions.

Two taps and a submission at once; a yes that goes between two items; the nights on which the clock
changes; 29 February; an evening over midnight; a copy of yesterday put back; and every order in
which the facts of one evening are written down.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from core.texts.models import TextVersion
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting
from groups.goodbye.leaving import close_stay
from groups.models import Attendance, Meeting
from groups.sheet import attendance
from joinus.home.run_due import run_due
from participants.consent import agreements
from participants.journey import journey
from participants.models import Trajectory
from questionnaires.answers import answering
from questionnaires.cycle import cycle
from questionnaires.models import Draft, Invitation, Response
from tests import world
from tests.lives.watch import aside
from tests.races import at_once

pytestmark = pytest.mark.django_db

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Story:
    """One participant of seventeen or more, since `since`, with evenings a week apart before."""

    def __init__(self, since: date, *, hour: int = 19) -> None:
        with clock.travel(clock.at(since, 8)):
            self.group = world.make_group(age_from=16, age_until=30)
            self.group.starts_at = self.group.starts_at.replace(hour=hour)
            self.group.save()
            self.worker = world.make_worker(self.group)
            self.stay = world.make_participating(
                self.group, since=since, screened_on=since - DAY, age=20
            )
            world.give_own_agreements(self.stay)
        Trajectory.objects.filter(pk=self.stay.pk).update(consent_complete_on=since - DAY)
        self.since = since
        self.evenings: list[Meeting] = []

    @property
    def user(self) -> Any:
        return self.stay.participant.user

    def evening(self, day: date, state: str = "present", at: datetime | None = None) -> Meeting:
        row = world.make_meeting(self.group, day)
        self.evenings.append(row)
        if state:
            with clock.travel(at or clock.at(day, self.group.starts_at.hour) + timedelta(hours=1)):
                self.tap(row, state)
        return row

    def tap(self, meeting: Meeting, state: str) -> None:
        row = Attendance.objects.filter(meeting=meeting, trajectory=self.stay).first()
        tap = attendance.Tap(uuid4(), self.stay.pk, state, row.version if row else 0)
        assert not world.write_down(meeting, [tap], self.worker).conflicts

    def fresh(self) -> Trajectory:
        return Trajectory.objects.select_related("participant", "group").get(pk=self.stay.pk)

    def takes_back(self) -> None:
        agreements.withdraw_agreement(
            trajectory=self.fresh(), subject="participation", by=self.user
        )

    def says_yes(self) -> None:
        text = TextVersion.objects.current("participation", "nl")
        agreements.give_agreement(
            trajectory=self.fresh(), subject="participation", text=text, by=self.user
        )

    def waves(self) -> list[tuple[Any, ...]]:
        rows = Invitation.objects.filter(trajectory=self.stay).exclude(state="withdrawn")
        fields = ("wave", "sequence", "state", "earned_on", "opened_on", "due_on")
        return sorted(rows.values_list(*fields), key=str)

    def wave(self, name: str) -> Invitation:
        rows = Invitation.objects.filter(trajectory=self.stay, wave=name)
        return rows.exclude(state="withdrawn").latest("sequence")


def attended(story: Story, count: int) -> None:
    for n in range(count):
        story.evening(story.since + (n + 1) * WEEK)


# ---- At the same moment -----------------------------------------------------------------------


@pytest.mark.deep
@pytest.mark.req("R-131", "R-217")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(12))
def test_two_taps_and_a_submission_at_once_lose_nothing(seed: int) -> None:
    """Two tabs and a finger: whatever was acknowledged stands, and there is one set of answers."""
    story, dice = Story(date(2026, 3, 2)), random.Random(seed)
    today = date(2026, 3, 3)
    with clock.travel(clock.at(today, 17)):
        cycle.refresh([story.stay.pk])
        row = story.wave("baseline")
        answering.save_answer(invitation=row, number=1, value=1, by=story.user)

    def act(what: Callable[[], object]) -> Callable[[], object]:
        def do() -> None:
            with clock.travel(clock.at(today, 17)):
                what()

        return do

    save = answering.save_answer
    outcomes = at_once(
        [
            act(partial(save, invitation=row, number=2, value=2, by=story.user)),
            act(partial(save, invitation=row, number=3, value=1, by=story.user)),
            act(partial(answering.submit, invitation=row, by=story.user)),
            act(partial(answering.submit, invitation=row, by=story.user)),
        ],
        dice,
    )
    assert set(outcomes[2:]) == {"done"}
    response = Response.objects.get(pk=row.pk)
    assert response.answer(1) == 1
    for number, value, came in ((2, 2, outcomes[0]), (3, 1, outcomes[1])):
        assert response.answer(number) == (value if came == "done" else None), outcomes
        assert came in ("done", "not_open")
    assert not Draft.objects.filter(pk=row.pk).exists()
    assert [w[2] for w in story.waves()] == ["answered"]


# ---- Between two items ------------------------------------------------------------------------


@pytest.mark.req("R-350")
def test_a_yes_that_goes_between_two_items_lets_nothing_more_in_and_loses_nothing(
    client: Client,
) -> None:
    story = Story(date(2026, 3, 2))
    with clock.travel(clock.at(date(2026, 3, 4), 17)):
        cycle.refresh([story.stay.pk])
        row = story.wave("baseline")
        client.force_login(story.user)

        def item(number: int) -> str:
            return reverse("questionnaires:item", args=[row.pk, number])

        assert client.post(item(1), {"answer": 1}).status_code == 302
        story.takes_back()
        for page in (item(1), item(2), reverse("questionnaires:who_reads", args=[row.pk])):
            assert b'type="radio"' not in client.get(page).content
        client.post(item(2), {"answer": 1})
        client.post(reverse("questionnaires:finish", args=[row.pk]))
        assert Draft.objects.get(pk=row.pk).given() == {1: 1}
        assert not Response.objects.filter(pk=row.pk).exists()
    with clock.travel(clock.at(date(2026, 3, 6), 17)):
        story.says_yes()
        assert story.wave("baseline").pk == row.pk
        assert client.post(item(2), {"answer": 1}).status_code == 302
        assert Draft.objects.get(pk=row.pk).given() == {1: 1, 2: 1}


# ---- Nights, and days that are not every year ----------------------------------------------------


@pytest.mark.req("R-202", "R-353")
@pytest.mark.parametrize(
    "night",
    [date(2026, 10, 24), date(2026, 3, 28), date(2027, 10, 30), date(2026, 6, 13)],
    ids=["autumn", "spring", "autumn after", "no change"],
)
@pytest.mark.parametrize("hour", [22, 23])
@pytest.mark.parametrize("written", [timedelta(hours=1), timedelta(hours=3, minutes=30)])
def test_an_evening_over_midnight_is_of_its_own_day_also_when_the_clock_changes(
    night: date, hour: int, written: timedelta
) -> None:
    story = Story(night - 7 * WEEK, hour=hour)
    for n in range(5):
        story.evening(night - (6 - n) * WEEK)
    begins = clock.at(night, hour)
    story.evening(night, at=_after(begins, written))
    with clock.travel(_after(begins, timedelta(hours=2, minutes=59))):
        if written < timedelta(hours=3):
            run_due()
            assert [w[:3] for w in story.waves()] == [("baseline", 1, "open")]
    with clock.travel(clock.at(night + DAY, 9, 5)):
        run_due()
        row = story.wave("interim")
        assert (row.earned_on, row.opened_on, row.state) == (night, night, "open")
        assert "recorded_on" not in row.reason
        about = Message.objects.get(subject_id=row.pk)
        assert clock.day_of(about.not_before) == night + DAY
        run_due()
        assert Message.objects.filter(subject_id=row.pk).count() == 1


def _after(moment: datetime, wait: timedelta) -> datetime:
    """So much real time later; wall-clock arithmetic is an hour out in two nights of the year."""
    from datetime import UTC

    return (moment.astimezone(UTC) + wait).astimezone(clock.AMSTERDAM)


@pytest.mark.req("R-203")
@pytest.mark.parametrize(
    ("left", "comes"),
    [
        (date(2027, 11, 29), date(2028, 2, 29)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 11, 29), date(2027, 2, 28)),
        (date(2028, 2, 29), date(2028, 5, 29)),
    ],
)
def test_the_follow_up_comes_on_29_february_where_there_is_one(left: date, comes: date) -> None:
    story = Story(left - 60 * DAY)
    with clock.travel(clock.at(left, 20)):
        close_stay(
            trajectory=story.fresh(), exit_kind="other", exit_reason="moved", by=story.worker
        )
    for day in (comes - DAY, comes):
        with clock.travel(clock.at(day, 0, 5)):
            run_due()
            assert (("follow_up", 1, "open") in [w[:3] for w in story.waves()]) is (day == comes)
    row = story.wave("follow_up")
    assert (row.earned_on, row.due_on) == (comes, comes + 60 * DAY)


@pytest.mark.req("R-202")
def test_a_sixth_on_29_february_is_of_that_day() -> None:
    leap = date(2028, 2, 29)
    story = Story(leap - 7 * WEEK)
    for n in range(6):
        story.evening(leap - (5 - n) * WEEK)
    with clock.travel(clock.at(leap, 23)):
        run_due()
    row = story.wave("interim")
    assert (row.earned_on, row.opened_on, row.due_on) == (leap, leap, date(2028, 3, 14))


# ---- A copy of yesterday --------------------------------------------------------------------


@pytest.mark.req("R-131", "R-355")
def test_a_copy_of_yesterday_put_back_comes_to_the_same_and_nothing_twice() -> None:
    """What today did is lost with the copy; run again, today does exactly that again, once."""
    story = Story(date(2026, 3, 2))
    attended(story, 6)
    last = story.evenings[-1].date
    with clock.travel(clock.at(last, 23)):
        run_due()

    def today() -> tuple[Any, Any]:
        with clock.travel(clock.at(last + DAY, 9, 5)):
            run_due()
            once = _left_in(story)
            run_due()
            assert _left_in(story) == once
        return once

    with aside():
        first = today()
    assert today() == first
    assert len(first[1]) > 0


def _left_in(story: Story) -> tuple[Any, Any]:
    about = Message.objects.filter(contact=story.stay.participant.contact)
    return story.waves(), sorted(about.values_list("dedupe_key", "not_before", "kind"))


# ---- The facts of one evening, in every order ---------------------------------------------------


def _facts_of_an_evening(story: Story, tonight: Meeting) -> dict[str, Callable[[], object]]:
    return {
        "is here": lambda: story.tap(tonight, "present"),
        "was not there": lambda: story.tap(story.evenings[2], "absent_with_notice"),
        "was there": lambda: story.tap(story.evenings[1], "present"),
        "pauses": lambda: journey.pause_stay(
            trajectory=story.fresh(), by=story.worker, reason="Even rust."
        ),
        "takes the yes back": story.takes_back,
    }


@pytest.mark.deep
@pytest.mark.req("R-131", "R-202")
@pytest.mark.parametrize("hour", [20, 23])
def test_the_facts_of_one_evening_come_to_the_same_in_every_order(hour: int) -> None:
    """The sixth, two corrections, a pause and a yes taken back: 120 orders, before and after the
    end, one outcome each: of the waves that stand at once, and when both holds are over."""
    story = Story(date(2026, 3, 2))
    for n in range(6):
        state = "absent_with_notice" if n == 1 else "present"
        story.evening(story.since + (n + 1) * WEEK, state)
    tonight = story.evening(story.since + 7 * WEEK, "")
    names = tuple(_facts_of_an_evening(story, tonight))
    found = set()
    for order in permutations(names):
        with aside():
            with clock.travel(clock.at(tonight.date, hour)):
                for name in order:
                    _facts_of_an_evening(story, tonight)[name]()
                at_once_after = tuple(story.waves())
            with clock.travel(clock.at(tonight.date + 9 * DAY, 12)):
                journey.resume_stay(trajectory=story.fresh(), by=story.worker)
                story.says_yes()
                run_due()
            found.add((at_once_after, tuple(story.waves())))
    assert len(found) == 1, "\n".join(map(str, sorted(found, key=str)))


@pytest.mark.req("R-131", "R-351")
def test_a_goodbye_and_its_evening_come_to_the_same_in_every_order() -> None:
    """Agreed for tonight, here tonight, and last week put right: the sixth is the goodbye."""
    story = Story(date(2026, 3, 2))
    for n in range(6):
        story.evening(story.since + (n + 1) * WEEK, "absent_with_notice" if n == 1 else "present")
    tonight = story.evening(story.since + 7 * WEEK, "")
    found = set()
    acts: dict[str, Callable[[], object]] = {
        "was there": lambda: story.tap(story.evenings[1], "present"),
        "was not there": lambda: story.tap(story.evenings[2], "absent_without_notice"),
        "agrees": lambda: agree_last_meeting(
            trajectory=story.fresh(), meeting=tonight, by=story.worker
        ),
    }
    for order in permutations(acts):
        with aside():
            with clock.travel(clock.at(tonight.date, 18)):
                for name in order:
                    acts[name]()
            with clock.travel(clock.at(tonight.date, 20)):
                story.tap(tonight, "present")
            with clock.travel(clock.at(tonight.date, 23)):
                run_due()
            found.add(tuple(story.waves()))
    assert len(found) == 1, "\n".join(map(str, sorted(found, key=str)))


@pytest.mark.req("R-131")
def test_an_evening_cancelled_after_all_opens_nothing_in_any_order() -> None:
    story = Story(date(2026, 3, 2))
    attended(story, 5)
    tonight = story.evening(story.since + 6 * WEEK, "")
    with clock.travel(clock.at(tonight.date, 20)):
        story.tap(tonight, "present")
        story.tap(tonight, "not_recorded")
        cancel_meeting(meeting=tonight, reason="weather", by=story.worker)
    with clock.travel(clock.at(tonight.date + DAY, 9, 5)):
        run_due()
    assert [w[:3] for w in story.waves()] == [("baseline", 1, "open")]
