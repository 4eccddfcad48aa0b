"""When an evening is over, and until when its sheet is today's (C-44): also over midnight."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from core import clock, ports
from core.ids import uuid7
from core.organisations.models import Group
from groups.evenings.closing import close_evening, take_back_closing
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_ahead, plan_meeting
from groups.evenings.over import sheet_day
from groups.models import AttendanceTap, LastMeeting, Meeting
from groups.models.moments import over_at
from groups.sheet.attendance import Tap, corrects, record
from groups.sheet.undo import undo
from participants.models import Trajectory
from tests import world
from tests.world import broken

EVENING = date(2026, 3, 13)
#: An ordinary night, the two in which the clock changes, and one before and after 29 February.
NIGHTS = [EVENING, date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 28), date(2028, 2, 29)]


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


def tap(stay: Trajectory, state: str = "present", version: int = 0) -> Tap:
    return Tap(uuid7(), stay.pk, state, version)


def late(group: Group, day: date) -> Meeting:
    """An evening that ends at half past midnight."""
    starts = clock.at(day, 21, 30)
    return Meeting.objects.create(
        group=group, date=day, starts_at=starts, ends_at=starts + timedelta(hours=3)
    )


def before_four(day: date, minutes: int = 1) -> datetime:
    four = clock.at(day + timedelta(days=1), 4)
    return clock.local(datetime.fromtimestamp(four.timestamp() - 60 * minutes, tz=four.tzinfo))


@pytest.mark.req("R-115")
@pytest.mark.parametrize("day", [date(2027, 10, 30), date(2027, 3, 27), EVENING])
@pytest.mark.parametrize("hour", [time(23, 30), time(0, 30)])
def test_a_meeting_lasts_three_hours_also_in_the_night_in_which_the_clock_changes(
    group: Group, worker: Any, day: date, hour: time
) -> None:
    """Planned, moved, filled in and over: by the time that passes, not by the clock on the wall."""
    night = day + timedelta(days=int(hour.hour < 4))
    with clock.travel(clock.at(day - timedelta(days=30), 12)):
        stay = world.make_participating(group, since=clock.today() - timedelta(days=60))
        meeting = plan_meeting(group=group, date=night, starts_at=hour, by=worker)
        assert (meeting.ends_at - meeting.starts_at.astimezone(UTC)) == timedelta(hours=3)
        move_meeting(meeting=meeting, date=night + timedelta(days=1), by=worker)
        meeting = move_meeting(meeting=meeting, date=night, starts_at=hour, by=worker)
        meeting = Meeting.objects.get(pk=meeting.pk)
        assert meeting.ends_at - meeting.starts_at == timedelta(hours=3)
    with clock.travel(meeting.ends_at - timedelta(minutes=5)):
        assert over_at(meeting) > clock.now()
        record(meeting=meeting, taps=[tap(stay)], by=worker)
        meeting.refresh_from_db()
        close_evening(meeting=meeting, by=worker)
        meeting.refresh_from_db()
        assert over_at(meeting) == clock.utc(clock.now())


# ---- The sheet's day -------------------------------------------------------------------------


@pytest.mark.req("R-131")
@pytest.mark.parametrize("day", NIGHTS)
def test_until_four_a_tap_is_no_correction_and_can_be_undone(
    group: Group, worker: Any, day: date
) -> None:
    stay, friend = (
        world.make_participating(group, since=day - timedelta(days=60)) for _ in range(2)
    )
    meeting = late(group, day)
    with clock.travel(clock.at(day, 23, 40)):
        record(meeting=meeting, taps=[tap(stay)], by=worker)
    with clock.travel(clock.at(day, 23, 50)):
        record(meeting=meeting, taps=[tap(friend)], by=worker)
    with clock.travel(before_four(day)):
        wish = tap(stay, "absent_with_notice", 1)
        assert not corrects(meeting=meeting, tap=wish)
        record(meeting=meeting, taps=[wish], by=worker)
        assert sheet_day(day, clock.now()) == day
        assert undo(meeting=meeting, client_id=uuid7(), by=worker).saved == [stay.pk]
        before_midnight = undo(meeting=meeting, client_id=uuid7(), by=worker)
        assert before_midnight.saved == [friend.pk], "it is the same evening"
    assert not AttendanceTap.objects.filter(correction=True).exists()


@pytest.mark.req("R-131")
@pytest.mark.parametrize("day", NIGHTS)
def test_at_four_sharp_it_is_a_correction(group: Group, worker: Any, day: date) -> None:
    stay = world.make_participating(group, since=day - timedelta(days=60))
    meeting = late(group, day)
    with clock.travel(clock.at(day, 23, 50)):
        record(meeting=meeting, taps=[tap(stay)], by=worker)
    with clock.travel(clock.at(day + timedelta(days=1), 4)):
        wish = tap(stay, "absent_with_notice", 1)
        assert corrects(meeting=meeting, tap=wish)
        assert sheet_day(day, clock.now()) == day + timedelta(days=1)
        with broken("undo_over"):
            undo(meeting=meeting, client_id=uuid7(), by=worker)
        record(meeting=meeting, taps=[wish], by=worker)
    assert AttendanceTap.objects.filter(correction=True).count() == 1


def test_an_evening_of_the_coming_day_is_still_to_come_at_night(group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=EVENING - timedelta(days=60))
    tomorrow = world.make_meeting(group, EVENING + timedelta(days=1))
    with clock.travel(before_four(EVENING)), broken("meeting_to_come"):
        record(meeting=tomorrow, taps=[tap(stay)], by=worker)
    with clock.travel(clock.at(EVENING + timedelta(days=1), 4)):
        assert record(meeting=tomorrow, taps=[tap(stay)], by=worker).saved == [stay.pk]


def test_the_page_after_midnight_is_that_of_the_evening(group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=EVENING - timedelta(days=60))
    meeting, client = late(group, EVENING), world.eyes(worker)
    record_at = clock.at(EVENING, 23, 50)
    with clock.travel(record_at):
        record(meeting=meeting, taps=[tap(stay)], by=worker)
    sheet = reverse("groups:meeting", args=[meeting.pk])
    behind = reverse("groups:person", args=[meeting.pk, stay.pk])
    over = "is voorbij. Kies"
    with clock.travel(before_four(EVENING)):
        shown = client.get(sheet).content.decode()
        assert 'id="undo"' in shown
        assert f'id="tap-{stay.pk}"' in shown
        assert over not in client.get(behind).content.decode()
    with clock.travel(clock.at(EVENING + timedelta(days=1), 4)):
        shown = client.get(sheet).content.decode()
        assert 'id="undo"' not in shown
        assert f'id="tap-{stay.pk}"' not in shown
        assert over in client.get(behind).content.decode()


@pytest.mark.parametrize("day", NIGHTS)
def test_an_evening_over_midnight_lasts_three_hours(group: Group, worker: Any, day: date) -> None:
    with clock.travel(day - timedelta(days=7)):
        meeting = plan_meeting(group=group, date=day, starts_at=time(21, 30), by=worker)
    meeting.refresh_from_db()
    assert clock.local(meeting.ends_at) == clock.at(day + timedelta(days=1), 0, 30)
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=3)
    assert over_at(meeting) == meeting.ends_at


# ---- Bijeenkomst afsluiten -------------------------------------------------------------------


class Told:
    """What the floors above were told, by call of the port."""

    def __init__(self) -> None:
        self.calls: list[Mapping[UUID, Collection[str]]] = []

    def __call__(self, facts: Mapping[UUID, Collection[str]]) -> None:
        self.calls.append({key: set(of_stay) for key, of_stay in facts.items()})


@pytest.fixture
def told() -> Any:
    told = Told()
    with ports.trajectory_changed.answering(told):
        yield told


@pytest.fixture
def two(group: Group) -> list[Trajectory]:
    return [world.make_participating(group, since=EVENING - timedelta(days=60)) for _ in range(2)]


def test_a_worker_says_that_it_is_over_and_takes_it_back(
    group: Group, worker: Any, two: list[Trajectory], told: Told
) -> None:
    meeting = late(group, EVENING)
    with clock.travel(clock.at(EVENING, 21, 29)), broken("not_begun"):
        close_evening(meeting=meeting, by=worker)
    first = clock.at(EVENING, 23, 40)
    with clock.travel(first):
        closed = close_evening(meeting=meeting, by=worker)
    assert over_at(closed) == first
    with clock.travel(clock.at(EVENING, 23, 55)):
        assert over_at(close_evening(meeting=meeting, by=worker)) == first, "twice is once"
    everybody = {stay.pk: {"evening"} for stay in two}
    assert told.calls == [everybody]
    with clock.travel(before_four(EVENING)):
        again = take_back_closing(meeting=meeting, by=worker)
        assert take_back_closing(meeting=meeting, by=worker).closed_at is None
    assert over_at(again) == again.ends_at
    assert told.calls == [everybody, everybody]


def test_from_four_on_it_stays_closed(group: Group, worker: Any, two: list[Trajectory]) -> None:
    meeting = late(group, EVENING)
    with clock.travel(clock.at(EVENING, 23, 40)):
        close_evening(meeting=meeting, by=worker)
    with clock.travel(clock.at(EVENING + timedelta(days=1), 4)), broken("closing_stays"):
        take_back_closing(meeting=meeting, by=worker)


def test_who_says_it_after_the_end_does_not_move_the_end(group: Group, worker: Any) -> None:
    meeting = late(group, EVENING)
    with clock.travel(clock.at(EVENING + timedelta(days=1), 1)):
        assert over_at(close_evening(meeting=meeting, by=worker)) == meeting.ends_at


def test_a_cancelled_evening_is_not_closed(group: Group, worker: Any) -> None:
    meeting = world.make_meeting(group, EVENING, status="cancelled", cancel_reason="weather")
    with clock.travel(clock.at(EVENING, 22)), broken("meeting_cancelled"):
        close_evening(meeting=meeting, by=worker)


def test_moved_cancelled_or_planned_again_it_is_open(group: Group, worker: Any) -> None:
    meeting = late(group, EVENING)
    with clock.travel(clock.at(EVENING, 22)):
        close_evening(meeting=meeting, by=worker)
        move_meeting(meeting=meeting, date=EVENING + timedelta(days=1), by=worker)
    meeting.refresh_from_db()
    assert meeting.closed_at is None
    with clock.travel(clock.at(EVENING + timedelta(days=1), 22)):
        close_evening(meeting=meeting, by=worker)
        cancel_meeting(meeting=meeting, reason="weather", by=worker)
        meeting.refresh_from_db()
        assert meeting.closed_at is None
        Meeting.objects.update(closed_at=clock.now())
        plan_meeting(group=group, date=meeting.date, by=worker)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.closed_at) == ("planned", None)


# ---- Whoever plans or moves tells the floors above --------------------------------------------


@pytest.mark.req("R-355")
def test_planning_moving_and_cancelling_tell_everybody_concerned_once(
    group: Group, worker: Any, two: list[Trajectory], told: Told
) -> None:
    day = EVENING + timedelta(days=14)
    leaver, joins_later = two[0], world.make_participating(group, since=day + timedelta(days=1))
    with clock.travel(EVENING):
        (meeting,) = plan_ahead(group=group, dates=[day], by=worker)
        assert told.calls.pop() == {stay.pk: {"evening"} for stay in two}
        plan_ahead(group=group, dates=[day + timedelta(days=n) for n in (14, 28)], by=worker)
        everybody = {stay.pk for stay in (*two, joins_later)}
        assert told.calls.pop().keys() == everybody
        agree_last_meeting(trajectory=leaver, meeting=meeting, by=worker)
        told.calls.clear()
        move_meeting(meeting=meeting, date=day + timedelta(days=2), by=worker)
        (call,) = told.calls
        assert call.keys() == everybody, "of the old day and of the new one"
        assert call[leaver.pk] == {"evening", "last_meeting"}
        told.calls.clear()
        cancel_meeting(meeting=meeting, reason="weather", by=worker)
        (call,) = told.calls
        assert call.keys() == everybody
        assert call[leaver.pk] == {"evening", "last_meeting"}


# ---- The last evening, agreed again -----------------------------------------------------------


def test_agreeing_the_same_evening_twice_is_one_agreement(
    group: Group, worker: Any, two: list[Trajectory]
) -> None:
    meeting = world.make_meeting(group, EVENING + timedelta(days=14))
    first, second = clock.at(EVENING, 12), clock.at(EVENING, 13)
    stay = two[0]
    for moment in (first, second):
        with clock.travel(moment):
            agree_last_meeting(trajectory=stay, meeting=meeting, by=worker)
    assert LastMeeting.objects.get(trajectory=stay).agreed_at == first
    with clock.travel(second):
        cancel_meeting(meeting=meeting, reason="weather", by=worker)
        plan_meeting(group=group, date=meeting.date, by=worker)
        agree_last_meeting(trajectory=stay, meeting=meeting, by=worker)
    assert LastMeeting.objects.get(trajectory=stay).agreed_at == second, "agreed anew"
