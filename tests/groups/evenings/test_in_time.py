"""Tonight, running, over: one answer on every page, whoever is written down (R-375, C-44)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.accounts.rights import reach
from core.ids import uuid7
from core.organisations.models import Group
from core.organisations.permissions import SEE_GROUPS
from groups.evenings.closing import close_evening, take_back_closing
from groups.evenings.meetings import cancel_meeting, move_meeting
from groups.models import Meeting, moments
from groups.seats.groups_in_reach import groups_in_reach
from groups.sheet.attendance import Tap, record
from joinus.home.attention.facts import count_groups, facts_of
from participants.models import Trajectory
from tests import world
from tests.world import broken, eyes

EVENING = date(2026, 3, 13)
NEXT = EVENING + timedelta(days=14)
SINCE = EVENING - timedelta(days=90)


@dataclass
class Plain:
    date: date
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None = None
    status: str = "planned"


def plain(day: date = EVENING, hour: int = 19, minute: int = 0, **fields: Any) -> Plain:
    starts = clock.at(day, hour, minute)
    return Plain(day, starts, clock.after(starts, timedelta(hours=3)), **fields)


# ---- The rule, without a database ------------------------------------------------------------


@pytest.mark.req("R-375")
@pytest.mark.parametrize(
    ("hour", "minute", "tonight", "running", "over"),
    [
        (16, 59, False, False, False),
        (17, 0, True, False, False),
        (18, 59, True, False, False),
        (19, 0, True, True, False),
        (21, 59, True, True, False),
        (22, 0, False, False, True),
    ],
)
@pytest.mark.parametrize("status", ["planned", "held"])
def test_tonight_running_and_over_are_moments(
    hour: int, minute: int, tonight: bool, running: bool, over: bool, status: str
) -> None:
    evening, at = plain(status=status), clock.at(EVENING, hour, minute)
    assert moments.is_tonight(evening, at) is tonight
    assert moments.is_running(evening, at) is running
    assert moments.is_over(evening, at) is over
    off = plain(status="cancelled")
    assert not moments.is_tonight(off, at)
    assert not moments.is_running(off, at)


@pytest.mark.req("R-375")
def test_a_worker_ends_it_and_the_clock_ends_it_else() -> None:
    closed = plain(closed_at=clock.at(EVENING, 21, 30))
    assert not moments.is_over(closed, clock.at(EVENING, 21, 29))
    assert moments.is_over(closed, clock.at(EVENING, 21, 30))
    late = plain(closed_at=clock.at(EVENING, 23))
    assert moments.over_at(late) == late.ends_at, "nobody knew at ten that it would last longer"


@pytest.mark.req("R-375")
@pytest.mark.parametrize(("day", "hour"), [(EVENING, 14), (EVENING, 21)])
def test_in_the_afternoon_and_over_midnight(day: date, hour: int) -> None:
    evening = plain(day, hour, 30)
    middle = clock.after(evening.starts_at, timedelta(hours=2, minutes=45))
    assert moments.is_running(evening, middle)
    assert moments.is_today(evening.date, evening.starts_at, middle), "also past midnight"
    assert moments.is_over(evening, evening.ends_at)


@pytest.mark.req("R-375")
@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_two_hours_and_three_are_real_ones_when_the_clock_changes(day: date) -> None:
    """It begins at half past midnight of the night in which an hour falls out, or comes twice."""
    starts = clock.at(day + timedelta(days=1), 3, 30)
    opens = moments.sheet_opens_at(starts)
    assert starts.timestamp() - opens.timestamp() == 2 * 3600
    assert clock.after(starts, timedelta(hours=3)).timestamp() - starts.timestamp() == 3 * 3600


# ---- Every page ------------------------------------------------------------------------------


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def maan(group: Group) -> Trajectory:
    """Comes for the first time tonight."""
    stay = world.make_trajectory(group=group, phase="trial", age=18, call_name="Maan")
    world.seat(stay, first_day=EVENING, trial=True)
    return stay


@pytest.fixture
def sam(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Sam")


@pytest.fixture
def tonight(group: Group) -> Meeting:
    world.make_meeting(group, NEXT)
    return world.make_meeting(group, EVENING)


def tap(meeting: Meeting, stay: Trajectory, worker: Any, state: str = "present") -> None:
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, state, 0)], by=worker)


def days_on(user: Any) -> dict[str, bool]:
    """Page by page: is tonight's evening the one it speaks of?"""
    client = eyes(user)
    pages = {"start": reverse("home:today"), "agenda": reverse("groups:calendar")}
    return {name: "13 maart" in client.get(url).content.decode() for name, url in pages.items()}


@pytest.mark.req("R-375")
def test_the_first_tap_takes_tonight_from_nobody(
    group: Group, worker: Any, maan: Trajectory, sam: Trajectory, tonight: Meeting
) -> None:
    amir = world.make_participating(group, since=SINCE, call_name="Amir")
    with clock.travel(clock.at(EVENING, 18, 55)):
        tap(tonight, amir, worker)
        for stay in (maan, sam, amir):
            found = days_on(stay.participant.user)
            assert found == {"start": True, "agenda": True}, stay.shown_name
        page = eyes(maan.participant.user).get(reverse("groups:first_evening")).content.decode()
        assert "13 maart" in page
        away = eyes(sam.participant.user).get(reverse("home:today")).content.decode()
        assert reverse("groups:absent", args=[tonight.pk]) in away, "the right evening"
        assert days_on(worker) == {"start": True, "agenda": True}
        shown = eyes(worker).get(reverse("groups:group", args=[group.pk])).content.decode()
        assert reverse("groups:meeting", args=[tonight.pk]) in shown
        (line,) = groups_in_reach(worker)
        assert line.next_at == tonight.starts_at
    with clock.travel(tonight.ends_at):
        assert days_on(sam.participant.user) == {"start": False, "agenda": False}


@pytest.mark.req("R-375")
def test_who_is_written_down_keeps_the_evening_and_says_nothing_beforehand_any_more(
    worker: Any, sam: Trajectory, maan: Trajectory, tonight: Meeting
) -> None:
    with clock.travel(clock.at(EVENING, 19, 5)):
        for stay in (sam, maan):
            tap(tonight, stay, worker)
            page = eyes(stay.participant.user).get(reverse("home:today")).content.decode()
            assert "13 maart" in page
            assert reverse("groups:absent", args=[tonight.pk]) not in page
        first = eyes(maan.participant.user).get(reverse("groups:first_evening")).content.decode()
        assert reverse("groups:wish") in first, "what they want can be said at the meeting"
        assert 'value="wait"' not in first


@pytest.mark.req("R-375", "R-090")
def test_what_is_inferred_waits_for_the_end_and_closing_releases_it(
    group: Group, worker: Any, maan: Trajectory, sam: Trajectory, tonight: Meeting
) -> None:
    coordinator = world.make_coordinator(group.location.region)
    others = [world.make_participating(group, since=SINCE) for _n in range(5)]
    kinds = ("absence", "trial_judge", "trial_wish")

    def inferred() -> dict[str, int]:
        found = {kind: len(world.waiting(worker, kind)) for kind in kinds}
        found["own_wish"] = len(world.waiting(maan.participant.user, "own_wish"))
        found["small"] = len(world.waiting(coordinator, "small_evening"))
        count_groups()
        (facts,) = facts_of(reach(coordinator, SEE_GROUPS))
        return found | {"held": facts.held, "expected": facts.expected}

    with clock.travel(clock.at(EVENING, 19, 30)):
        tap(tonight, sam, worker, "absent_without_notice")
        for stay in (maan, others[0]):
            tap(tonight, stay, worker)
        assert set(inferred().values()) == {0}
    with clock.travel(clock.at(EVENING, 21, 30)):
        close_evening(meeting=tonight, by=worker)
        assert inferred() == {
            "absence": 1,
            "trial_judge": 1,
            "trial_wish": 1,
            "own_wish": 1,
            "small": 1,
            "held": 1,
            "expected": 3,
        }
        take_back_closing(meeting=tonight, by=worker)
        assert set(inferred().values()) == {0}, "not over yet after all"
    with clock.travel(tonight.ends_at):
        assert inferred()["absence"] == 1, "it closes by itself"


@pytest.mark.req("R-375")
def test_no_evening_is_asked_for_while_the_last_planned_one_runs(
    group: Group, worker: Any, sam: Trajectory
) -> None:
    meeting = world.make_meeting(group, EVENING)
    with clock.travel(clock.at(EVENING, 19, 30)):
        tap(meeting, sam, worker)
        assert world.waiting(worker, "plan") == []
    with clock.travel(meeting.ends_at):
        assert len(world.waiting(worker, "plan")) == 1


@pytest.mark.req("R-375")
def test_moved_or_cancelled_while_it_runs_it_is_nobodys_evening(
    group: Group, worker: Any, sam: Trajectory, tonight: Meeting
) -> None:
    with clock.travel(clock.at(EVENING, 19, 10)):
        assert Meeting.objects.running(clock.now()).get() == tonight
        move_meeting(meeting=tonight, date=EVENING + timedelta(days=1), by=worker)
        assert not Meeting.objects.tonight(clock.now()).exists()
        page = eyes(sam.participant.user).get(reverse("home:today")).content.decode()
        assert "14 maart" in page
    with clock.travel(clock.at(EVENING + timedelta(days=1), 19, 10)):
        cancel_meeting(meeting=tonight, reason="weather", by=worker)
        assert not Meeting.objects.running(clock.now()).exists()
        page = eyes(sam.participant.user).get(reverse("home:today")).content.decode()
        assert "27 maart" in page


@pytest.mark.req("R-375")
def test_the_judgement_is_open_during_it_and_not_before(
    worker: Any, maan: Trajectory, tonight: Meeting
) -> None:
    from groups.seats.trial import judge

    placement = maan.placements.get()
    with clock.travel(clock.at(EVENING, 12)):
        tap(tonight, maan, worker)
        with broken("trial_first"):
            judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
    with clock.travel(clock.at(EVENING, 19, 30)):
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)


@pytest.mark.req("R-375")
def test_tonights_can_be_agreed_as_the_last_one_while_it_runs(
    worker: Any, sam: Trajectory, tonight: Meeting
) -> None:
    from groups.evenings.last_meeting import agree_last_meeting

    with clock.travel(clock.at(EVENING, 20)):
        tap(tonight, sam, worker)
        stay = agree_last_meeting(trajectory=sam, meeting=tonight, by=worker)
    assert stay.last_meeting_on == EVENING


@pytest.mark.req("R-375")
def test_past_midnight_it_is_still_the_running_one(
    group: Group, worker: Any, sam: Trajectory
) -> None:
    starts = clock.at(EVENING, 21, 30)
    meeting = Meeting.objects.create(
        group=group, date=EVENING, starts_at=starts, ends_at=starts + timedelta(hours=3)
    )
    with clock.travel(clock.at(EVENING + timedelta(days=1), 0, 15)):
        tap(meeting, sam, worker)
        page = eyes(sam.participant.user).get(reverse("home:today")).content.decode()
        assert ">nu<" in page
        shown = eyes(worker).get(reverse("home:today")).content.decode()
        assert "Nu, sinds" in shown
