"""Leaving: the last evening is agreed, the stay is closed, or somebody stops."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all, stop_myself
from groups.models import LastMeeting, Placement
from groups.seats.placement import place
from groups.sheet.attendance import Tap, record
from participants.models import Trajectory
from questionnaires.models import Invitation
from tests import world
from tests.world import broken

TODAY = date(2026, 3, 13)
LAST = TODAY + timedelta(days=14)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture(autouse=True)
def _some_day() -> Any:
    with clock.travel(TODAY):
        yield


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_participating(group, since=TODAY - timedelta(days=300), age=17)


def close(stay: Trajectory, kind: str, reason: str, **more: Any) -> Trajectory:
    return close_stay(
        trajectory=stay, exit_kind=kind, exit_reason=reason, by=world.worker_of(stay), **more
    )


@pytest.mark.req("R-180")
def test_the_last_evening_is_agreed_beforehand_and_dated(group: Group, stay: Trajectory) -> None:
    worker = world.make_worker(group)
    world.hold_exit_talk(stay, by=worker)
    with broken("agree_first"):
        close(stay, "goal", "goal_reached")
    for wrong in (
        world.make_meeting(group, TODAY - timedelta(days=14)),
        world.make_meeting(group, TODAY + timedelta(days=28), status="cancelled"),
    ):
        with broken("not_planned"):
            agree_last_meeting(trajectory=stay, meeting=wrong, by=worker)
    with broken("other_group"):
        agree_last_meeting(
            trajectory=stay, meeting=world.make_meeting(world.make_group(), LAST), by=worker
        )
    agree_last_meeting(trajectory=stay, meeting=world.make_meeting(group, LAST), by=worker)
    stay.refresh_from_db()
    assert (stay.phase, stay.last_meeting_on) == ("leaving", LAST)
    with broken("last_meeting_first"):
        close(stay, "goal", "goal_reached")
    with clock.travel(LAST + timedelta(days=3)):
        close(stay, "goal", "goal_reached")
    stay.refresh_from_db()
    assert (stay.phase, stay.exit_kind, stay.exited_on) == ("former", "goal", LAST)
    placement = Placement.objects.get(trajectory=stay)
    assert placement.last_day == LAST
    group.refresh_from_db()
    assert group.places_taken == 0


@pytest.mark.req("R-180")
def test_another_evening_can_be_agreed_or_none_after_all(group: Group, stay: Trajectory) -> None:
    worker = world.make_worker(group)
    agree_last_meeting(trajectory=stay, meeting=world.make_meeting(group, LAST), by=worker)
    later = world.make_meeting(group, LAST + timedelta(days=14))
    agree_last_meeting(trajectory=stay, meeting=later, by=worker)
    stay.refresh_from_db()
    assert stay.last_meeting_on == later.date
    stay_after_all(trajectory=stay, by=worker)
    stay.refresh_from_db()
    assert (stay.phase, stay.last_meeting_on) == ("participating", None)
    assert not LastMeeting.objects.exists()


def test_who_comes_again_after_the_last_evening_moves_it(group: Group, stay: Trajectory) -> None:
    worker = world.make_worker(group)
    agree_last_meeting(trajectory=stay, meeting=world.make_meeting(group, LAST), by=worker)
    again = world.make_meeting(group, LAST + timedelta(days=14))
    with clock.travel(clock.at(again.date, 20)):
        record(meeting=again, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
        stay.refresh_from_db()
        assert stay.last_meeting_on == again.date
        record(meeting=again, taps=[Tap(uuid7(), stay.pk, "absent_with_notice", 1)], by=worker)
        stay.refresh_from_db()
        assert stay.last_meeting_on == LAST


@pytest.mark.req_part("R-183")
def test_stopping_without_contact_is_another_outcome(group: Group, stay: Trajectory) -> None:
    with broken("unknown_reason"):
        close(stay, "drop_out", "goal_reached")
    with broken("unknown_reason"):
        close(stay, "nonsense", "goal_reached")
    worker = world.make_worker(group)
    agree_last_meeting(trajectory=stay, meeting=world.make_meeting(group, LAST), by=worker)
    close(stay, "drop_out", "no_contact")
    stay.refresh_from_db()
    assert (stay.exit_kind, stay.exited_on, stay.last_meeting_on) == ("drop_out", TODAY, None)


@pytest.mark.req("R-187")
@pytest.mark.parametrize("reason", ["moved", "aged_out", "other_offer", "own_wish", "not_fitting"])
def test_every_other_reason_closes_on_the_closing_day(stay: Trajectory, reason: str) -> None:
    close(stay, "other", reason)
    stay.refresh_from_db()
    assert (stay.exit_kind, stay.exit_reason, stay.exited_on) == ("other", reason, TODAY)
    with broken("not_in_group"):
        close(stay, "other", reason)


def test_i_stop_ends_the_stay_and_asks_about_later_contact(group: Group, stay: Trajectory) -> None:
    stop_myself(trajectory=stay, later_contact=True, by=stay.participant.user)
    stay.refresh_from_db()
    assert (stay.phase, stay.exit_kind, stay.exit_reason) == ("former", "other", "own_wish")
    assert stay.follow_up_waived == ""
    other = world.make_participating(group, since=TODAY - timedelta(days=30), age=16)
    stop_myself(trajectory=other, later_contact=False, by=other.participant.user)
    other.refresh_from_db()
    assert other.follow_up_waived == "contact_refused"


def test_i_stop_before_taking_part_withdraws_the_sign_up(group: Group) -> None:
    applicant = world.make_suitable(group)
    place(
        trajectory=applicant, group=group, trial=True, first_day=LAST, by=world.make_worker(group)
    )
    stop_myself(trajectory=applicant, later_contact=True, by=applicant.participant.user)
    applicant.refresh_from_db()
    placement = Placement.objects.get(trajectory=applicant)
    assert applicant.phase == "withdrawn"
    assert placement.last_day == LAST - timedelta(days=1), "a place that never began"
    group.refresh_from_db()
    assert group.places_taken == 0


def test_a_closing_by_mistake_gives_the_seat_back(group: Group, stay: Trajectory) -> None:
    close(stay, "drop_out", "no_contact")
    group.refresh_from_db()
    assert group.places_taken == 0
    with clock.travel(TODAY + timedelta(days=3)):
        again = reopen_stay(trajectory=stay, by=world.worker_of(stay), reason="Vergissing")
    assert again.phase == Trajectory.Phase.PARTICIPATING
    assert (again.exit_kind, again.exited_on) == ("", None)
    open_one = Placement.objects.get(trajectory=stay, last_day__isnull=True)
    assert (open_one.group, open_one.trial) == (group, False)
    group.refresh_from_db()
    assert group.places_taken == 1


def test_a_closing_stays_when_the_group_is_full_meanwhile(group: Group, stay: Trajectory) -> None:
    close(stay, "drop_out", "no_contact")
    Group.objects.filter(pk=group.pk).update(capacity=1)
    world.make_participating(group, since=TODAY - timedelta(days=30), age=17)
    with broken("group_full"):
        reopen_stay(trajectory=stay, by=world.worker_of(stay), reason="Vergissing")
    stay.refresh_from_db()
    assert stay.phase == Trajectory.Phase.FORMER


def test_an_answered_goodbye_is_said_before_a_full_group(group: Group, stay: Trajectory) -> None:
    """No use in waiting for a place: the closing cannot be taken back at all."""
    close(stay, "other", "own_wish")
    Invitation.objects.filter(trajectory=stay, wave="exit").update(
        state="answered", answered_on=TODAY
    )
    assert Invitation.objects.filter(trajectory=stay, wave="exit").exists()
    Group.objects.filter(pk=group.pk).update(capacity=1)
    world.make_participating(group, since=TODAY - timedelta(days=30), age=17)
    with broken("exit_answered"):
        reopen_stay(trajectory=stay, by=world.worker_of(stay), reason="Vergissing")


@pytest.mark.parametrize(("age", "steps"), [(15, ["1", "2", "3", "4"]), (17, ["1", "2", "3"])])
def test_the_steps_of_the_page_are_numbered_one_after_the_other(
    db: None, age: int, steps: list[str]
) -> None:
    group = world.make_group(age_from=12, age_until=30)
    stay = world.make_participating(group, since=TODAY - timedelta(days=200), age=age)
    client = world.eyes(world.make_worker(group))
    url = reverse("groups:leave", args=[stay.pk])
    assert re.findall(r"<h2>(\d)\. ", client.get(url).content.decode()) == steps
    Trajectory.objects.filter(pk=stay.pk).update(phase="leaving", stopped_on=TODAY)
    left = [str(n) for n in range(1, len(steps) - 1)]
    assert re.findall(r"<h2>(\d)\. ", client.get(url).content.decode()) == left
