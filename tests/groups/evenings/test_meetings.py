"""The evenings: two weeks apart, three hours, planned, moved, cancelled with a reason."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from core import clock
from core.organisations.models import Group
from groups.evenings import absence
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import (
    cancel_meeting,
    move_meeting,
    plan_ahead,
    plan_meeting,
)
from groups.models import AbsenceNotice, Meeting
from tests import world
from tests.world import broken

FRIDAY = date(2026, 3, 13)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture(autouse=True)
def _some_day() -> Any:
    with clock.travel(FRIDAY):
        yield


@pytest.mark.req("R-115", "R-121")
def test_an_evening_lasts_three_hours_at_the_groups_own_time(group: Group) -> None:
    worker = world.make_worker(group)
    group.starts_at = time(18, 30)
    group.save(update_fields=["starts_at"])
    meeting = plan_meeting(group=group, date=FRIDAY, by=worker)
    assert meeting.starts_at == clock.at(FRIDAY, 18, 30)
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=3)
    other = plan_meeting(
        group=group, date=FRIDAY + timedelta(days=1), by=worker, starts_at=time(15, 30)
    )
    assert other.ends_at == clock.at(FRIDAY + timedelta(days=1), 18, 30)


def test_one_evening_a_day_and_never_far_away(group: Group) -> None:
    worker = world.make_worker(group)
    plan_meeting(group=group, date=FRIDAY, by=worker)
    with broken("meeting_that_day"):
        plan_meeting(group=group, date=FRIDAY, by=worker)
    with broken("too_far"):
        plan_meeting(group=group, date=date(9999, 1, 1), by=worker)
    with broken("meeting_that_day"):
        plan_ahead(group=group, dates=[FRIDAY + timedelta(days=7), FRIDAY], by=worker)
    assert Meeting.objects.filter(group=group).count() == 1


def test_a_cancelled_evening_keeps_its_reason_and_can_be_planned_again(group: Group) -> None:
    worker = world.make_worker(group)
    meeting = plan_meeting(group=group, date=FRIDAY, by=worker)
    with broken("unknown_reason"):
        cancel_meeting(meeting=meeting, reason="no_idea", by=worker)
    cancel_meeting(meeting=meeting, reason="weather", by=worker)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason) == ("cancelled", "weather")
    again = plan_meeting(group=group, date=FRIDAY, by=worker)
    assert (again.pk, again.status, again.cancel_reason) == (meeting.pk, "planned", "")


def test_an_evening_with_people_written_down_is_not_cancelled(group: Group) -> None:
    worker = world.make_worker(group)
    meeting = world.make_meeting(group, FRIDAY, status="held")
    with broken("already_recorded"):
        cancel_meeting(meeting=meeting, reason="weather", by=worker)
    with broken("only_planned"):
        move_meeting(meeting=meeting, date=FRIDAY + timedelta(days=1), by=worker)


@pytest.mark.req("R-180")
def test_moving_the_evening_moves_the_goodbye_cancelling_clears_it(group: Group) -> None:
    worker = world.make_worker(group)
    stay = world.make_participating(group, since=FRIDAY - timedelta(days=90))
    meeting = plan_meeting(group=group, date=FRIDAY + timedelta(days=14), by=worker)
    agree_last_meeting(trajectory=stay, meeting=meeting, by=worker)
    stay.refresh_from_db()
    assert (stay.phase, stay.last_meeting_on) == ("leaving", FRIDAY + timedelta(days=14))
    move_meeting(meeting=meeting, date=FRIDAY + timedelta(days=15), by=worker)
    stay.refresh_from_db()
    assert stay.last_meeting_on == FRIDAY + timedelta(days=15)
    meeting.refresh_from_db()
    assert meeting.starts_at == clock.at(FRIDAY + timedelta(days=15), 19)
    cancel_meeting(meeting=meeting, reason="worker_ill", by=worker)
    stay.refresh_from_db()
    assert (stay.phase, stay.last_meeting_on) == ("leaving", None)


def test_not_to_a_day_that_is_taken(group: Group) -> None:
    worker = world.make_worker(group)
    first, second = plan_ahead(group=group, dates=[FRIDAY, FRIDAY + timedelta(days=14)], by=worker)
    with broken("meeting_that_day"):
        move_meeting(meeting=first, date=second.date, by=worker)


def test_i_cannot_come_and_i_can_after_all(group: Group) -> None:
    stay = world.make_participating(group, since=FRIDAY - timedelta(days=90))
    meeting = world.make_meeting(group, FRIDAY)
    absence.tell(meeting=meeting, trajectory=stay)
    absence.tell(meeting=meeting, trajectory=stay, why="Toets")
    notice = AbsenceNotice.objects.get()
    assert (notice.why, notice.taken_back_at) == ("Toets", None)
    absence.take_back(meeting=meeting, trajectory=stay)
    absence.tell(meeting=meeting, trajectory=stay)
    assert AbsenceNotice.objects.filter(taken_back_at__isnull=True).count() == 1


def test_a_notice_is_for_an_own_evening_that_is_not_over(group: Group) -> None:
    stay = world.make_participating(group, since=FRIDAY - timedelta(days=90))
    with broken("not_your_meeting"):
        absence.tell(meeting=world.make_meeting(world.make_group(), FRIDAY), trajectory=stay)
    with broken("too_late"):
        absence.tell(
            meeting=world.make_meeting(group, FRIDAY - timedelta(days=14)), trajectory=stay
        )
    with broken("meeting_cancelled"):
        absence.tell(meeting=world.make_meeting(group, FRIDAY, status="cancelled"), trajectory=stay)
