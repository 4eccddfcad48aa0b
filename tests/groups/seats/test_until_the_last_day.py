"""Nobody stands on a sheet after the last day of the stay; a closing taken back leaves no gap."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.organisations.models import Group
from groups.evenings.meetings import on_sheet
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all, stop_myself
from groups.models import Placement
from groups.seats.placement import kept_seats, lowest_free_seat, move, release_seats
from groups.sheet.attendance import Tap, record
from participants.models import Trajectory
from questionnaires.cycle.facts import load
from tests import world
from tests.world import broken

#: A Thursday; the group meets every two weeks on that day.
TODAY = date(2026, 2, 5)
NEXT = TODAY + timedelta(days=7)
MOVES = TODAY + timedelta(days=13)


@pytest.fixture(autouse=True)
def _that_day(db: None) -> Any:
    with clock.travel(TODAY):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def other(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def stay(group: Group, other: Group, worker: Any) -> Trajectory:
    """A move is agreed that begins in two weeks."""
    stay = world.make_participating(group, since=TODAY - timedelta(days=90), age=17)
    world.give_own_agreements(stay)
    move(trajectory=stay, to_group=other, first_day=MOVES, by=worker, reason="Verhuist.")
    return stay


def leave(stay: Trajectory, how: str, by: Any) -> None:
    if how == "stops":
        stop_myself(trajectory=stay, later_contact=True, by=by)
    elif how == "released":
        Trajectory.objects.filter(pk=stay.pk).update(
            phase="former", exit_kind="other", exited_on=TODAY, ended_on=TODAY
        )
        release_seats(kept_seats())
    else:
        kind, reason = {"closed": ("other", "moved"), "drop_out": ("drop_out", "no_contact")}[how]
        close_stay(trajectory=stay, exit_kind=kind, exit_reason=reason, by=by)


@pytest.mark.req("R-131")
@pytest.mark.parametrize("how", ["closed", "drop_out", "stops", "released"])
def test_whoever_left_before_an_agreed_move_stands_on_no_later_sheet(
    group: Group, other: Group, worker: Any, stay: Trajectory, how: str
) -> None:
    leave(stay, how, world.worker_of(stay))
    assert Placement.objects.filter(trajectory=stay).latest("last_day").last_day is not None
    for of in (group, other):
        of.refresh_from_db()
        assert of.places_taken == 0
    later = world.make_meeting(group, NEXT)
    assert not on_sheet(later).exists()
    assert not on_sheet(world.make_meeting(other, MOVES + timedelta(days=1))).exists()
    with clock.travel(clock.at(NEXT, 20)), broken("not_on_sheet"):
        record(meeting=later, taps=[Tap(stay.pk, stay.pk, "present", 0)], by=worker)
    assert kept_seats() == []
    (facts,) = load([stay.pk])
    assert not any(seat.covers(NEXT) or seat.covers(MOVES) for seat in facts.seats)


def test_a_place_that_was_left_to_end_later_is_cut_by_the_night(
    group: Group, stay: Trajectory
) -> None:
    """Rows from before this rule."""
    Placement.objects.filter(trajectory=stay, group__isnull=False, last_day=None).update(
        last_day=MOVES - timedelta(days=1)
    )
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="former", exit_kind="other", exited_on=TODAY, ended_on=TODAY
    )
    assert kept_seats() == [stay.pk]
    release_seats([stay.pk])
    assert Placement.objects.get(trajectory=stay, group=group).last_day == TODAY
    assert kept_seats() == []


@pytest.mark.req("R-131")
def test_an_evening_between_a_slip_and_its_undoing_can_be_written_down(
    group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=TODAY - timedelta(days=90), age=17)
    thursday, friday = TODAY + timedelta(days=7), TODAY + timedelta(days=8)
    evening = world.make_meeting(group, thursday)
    close_stay(trajectory=stay, exit_kind="other", exit_reason="own_wish", by=worker)
    with clock.travel(clock.at(friday, 10)):
        reopen_stay(trajectory=stay, by=worker, reason="Vergissing")
        record(meeting=evening, taps=[Tap(stay.pk, stay.pk, "present", 0)], by=worker)
    old, new = Placement.objects.filter(trajectory=stay).order_by("first_day")
    assert (old.last_day, new.first_day) == (TODAY, TODAY + timedelta(days=1)), "no gap"
    assert clock.day_of(new.placed_at) == friday
    (facts,) = load([stay.pk])
    assert all(any(seat.covers(day) for seat in facts.seats) for day in (TODAY, thursday, friday))


def test_who_stays_after_all_has_no_gap_either(group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=TODAY - timedelta(days=90), age=15)
    stop_myself(trajectory=stay, later_contact=True, by=worker)
    with clock.travel(TODAY + timedelta(days=8)):
        stay_after_all(trajectory=stay, by=worker)
    _old, new = Placement.objects.filter(trajectory=stay).order_by("first_day")
    assert (new.first_day, new.last_day) == (TODAY + timedelta(days=1), None)


def test_a_closing_taken_back_brings_the_agreed_move_back(
    group: Group, other: Group, stay: Trajectory
) -> None:
    worker = world.worker_of(stay)
    close_stay(trajectory=stay, exit_kind="other", exit_reason="own_wish", by=worker)
    with clock.travel(TODAY + timedelta(days=2)):
        reopen_stay(trajectory=stay, by=worker, reason="Vergissing")
    days = Placement.objects.filter(trajectory=stay).order_by("first_day", "placed_at")
    begun = [
        (row.group_id, row.first_day, row.last_day)
        for row in days
        if row.last_day is None or row.last_day >= row.first_day
    ]
    assert begun[1:] == [
        (group.pk, TODAY + timedelta(days=1), MOVES - timedelta(days=1)),
        (other.pk, MOVES, None),
    ]
    stay.refresh_from_db()
    assert stay.group_id == other.pk


def test_a_full_or_closed_group_takes_nobody_back(group: Group, worker: Any) -> None:
    stay = world.make_participating(group, since=TODAY - timedelta(days=90), age=17)
    close_stay(trajectory=stay, exit_kind="other", exit_reason="own_wish", by=worker)
    Group.objects.filter(pk=group.pk).update(state="closed")
    with broken("group_not_open"):
        reopen_stay(trajectory=stay, by=worker, reason="Vergissing")


def test_a_capacity_below_a_used_seat_is_a_full_group(
    group: Group, other: Group, worker: Any
) -> None:
    """Seats 1 and 9 are taken when two places are left over: nobody gets seat 2."""
    assert lowest_free_seat([1, 9], 2) is None
    assert lowest_free_seat([1, 9], 3) == 2
    back = world.make_participating(group, since=TODAY - timedelta(days=90), age=17, number=3)
    close_stay(trajectory=back, exit_kind="other", exit_reason="own_wish", by=worker)
    for number in (1, 9):
        world.make_participating(group, since=TODAY - timedelta(days=90), age=17, number=number)
    Group.objects.filter(pk=group.pk).update(capacity=2)
    with broken("group_full"):
        reopen_stay(trajectory=back, by=worker, reason="Vergissing")
    elsewhere = world.make_participating(other, since=TODAY - timedelta(days=90), age=17)
    world.give_own_agreements(elsewhere)
    with broken("group_full"):
        move(trajectory=elsewhere, to_group=group, first_day=NEXT, by=worker, reason="Reistijd.")
