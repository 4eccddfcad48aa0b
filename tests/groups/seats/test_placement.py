"""Seats: never the sixteenth, one trial evening, both sides, a move without a gap."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from core.errors import RuleBroken
from core.organisations.models import Group
from groups.models import Placement, TrialOutcome
from groups.seats.placement import end_placement, give_back_seats, lowest_free_seat, move, place
from groups.seats.trial import admit, decline, judge, record_wish
from groups.sheet.attendance import Tap, record
from joinus.home.run_due import run_due
from participants.journey import journey
from participants.models import Referral, Trajectory
from tests import world
from tests.world import broken

EVENING = date(2026, 3, 13)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


def come(placement: Placement, day: date, worker: Any) -> Any:
    """The person is there on `day`."""
    from core.ids import uuid7

    meeting = placement.group.meetings.filter(date=day).first() or world.make_meeting(
        placement.group, day
    )
    record(
        meeting=meeting,
        taps=[Tap(uuid7(), placement.trajectory_id, "present", 0)],
        by=worker,
    )
    return meeting


def visitor(group: Group, worker: Any, day: date = EVENING, **fields: Any) -> Placement:
    """Somebody who came to get to know the group on `day`; the clock stands at that evening."""
    stay = world.make_suitable(group, **fields)
    placement = place(trajectory=stay, group=group, trial=True, first_day=day, by=worker)
    come(placement, day, worker)
    return placement


def test_the_lowest_free_seat_is_taken() -> None:
    assert lowest_free_seat([], 15) == 1
    assert lowest_free_seat([1, 2, 4], 15) == 3
    assert lowest_free_seat(range(1, 16), 15) is None
    assert lowest_free_seat([1, 2], 2) is None


@pytest.mark.req("R-117")
def test_the_sixteenth_is_blocked_and_the_group_says_full(group: Group) -> None:
    worker = world.make_worker(group)
    for _n in range(15):
        stay = world.make_suitable(group)
        place(trajectory=stay, group=group, trial=True, first_day=clock.today(), by=worker)
    group.refresh_from_db()
    assert (group.places_taken, group.state) == (15, "full")
    late = world.make_suitable(group)
    with broken("group_full"):
        place(trajectory=late, group=group, trial=True, first_day=clock.today(), by=worker)
    late.refresh_from_db()
    assert late.phase == "intake"
    assert Placement.objects.filter(trajectory=late).count() == 0

    leaver = Placement.objects.get(group=group, seat=7)
    end_placement(trajectory=leaver.trajectory, last_day=clock.today())
    group.refresh_from_db()
    assert (group.places_taken, group.state) == (14, "open")
    assert (
        place(trajectory=late, group=group, trial=True, first_day=clock.today(), by=worker).seat
        == 7
    )


@pytest.mark.req("R-117")
def test_the_database_backs_the_seats(group: Group) -> None:
    stay, other = (world.make_suitable(group) for _n in range(2))
    world.seat(stay, first_day=EVENING, number=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        world.seat(other, first_day=EVENING, number=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        world.seat(other, first_day=EVENING, number=16)
    with pytest.raises(IntegrityError), transaction.atomic():
        world.seat(stay, first_day=EVENING, number=4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-117")
def test_forty_at_once_into_fifteen_places_are_fifteen() -> None:
    group = world.make_group(age_from=12, age_until=30)
    worker = world.make_worker(group)
    stays = [world.make_suitable(group) for _n in range(40)]
    gate, outcomes = threading.Barrier(40), []

    def try_to_place(stay: Trajectory) -> None:
        try:
            gate.wait(30)
            place(trajectory=stay, group=group, trial=True, first_day=clock.today(), by=worker)
            outcomes.append("placed")
        except RuleBroken as error:
            outcomes.append(error.code)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_place, args=(stay,)) for stay in stays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["group_full"] * 25 + ["placed"] * 15
    assert sorted(Placement.objects.values_list("seat", flat=True)) == list(range(1, 16))
    group.refresh_from_db()
    assert (group.places_taken, group.state) == (15, "full")
    assert Trajectory.objects.filter(phase="trial").count() == 15


@pytest.mark.req("R-075")
@pytest.mark.parametrize(
    "missing", [{"enthusiastic": False}, {"enthusiastic": None}, {"decision": ""}]
)
def test_only_somebody_suitable_and_keen_is_invited(group: Group, missing: dict[str, Any]) -> None:
    worker = world.make_worker(group)
    stay = world.make_suitable(group)
    for field, value in missing.items():
        setattr(stay.intake, field, value)
    stay.intake.save()
    with broken("trial_needs_suitable"):
        place(trajectory=stay, group=group, trial=True, first_day=clock.today(), by=worker)


@pytest.mark.req("R-074", "R-081")
def test_one_evening_to_get_to_know_each_other_a_second_only_with_a_reason(group: Group) -> None:
    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 20)):
        first = visitor(group, worker)
        again = EVENING + timedelta(days=14)
        for reason in ("", "   "):
            with broken("one_trial_meeting"):
                place(
                    trajectory=first.trajectory,
                    group=group,
                    trial=True,
                    first_day=again,
                    by=worker,
                    override_reason=reason,
                )
        second = place(
            trajectory=first.trajectory,
            group=group,
            trial=True,
            first_day=again,
            by=worker,
            override_reason="Moest halverwege naar huis.",
        )
    first.refresh_from_db()
    assert second.override_reason == "Moest halverwege naar huis."
    assert (first.trial, first.last_day) == (True, again - timedelta(days=1))


@pytest.mark.req("R-074")
def test_somebody_who_came_to_meet_the_group_is_not_on_the_next_sheet(group: Group) -> None:
    from groups.evenings.meetings import people_on_sheet

    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 20)):
        placement = visitor(group, worker)
    later = world.make_meeting(group, EVENING + timedelta(days=14))
    assert placement.trajectory_id not in {p.trajectory_id for p in people_on_sheet(later)}


@pytest.mark.req("R-076", "R-077")
def test_taking_part_needs_both_sides(group: Group) -> None:
    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 22)):
        placement = visitor(group, worker)
        with broken("both_sides_needed"):
            admit(placement=placement, by=worker)
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        with broken("both_sides_needed"):
            admit(placement=placement, by=worker)
        record_wish(placement=placement, wish=True, by=placement.trajectory.participant.user)
        judge(placement=placement, programme_fits=True, group_fits=False, by=worker)
        with broken("both_sides_needed"):
            admit(placement=placement, by=worker)
        judge(placement=placement, programme_fits=False, group_fits=True, by=worker)
        with broken("both_sides_needed"):
            admit(placement=placement, by=worker)
        with broken("both_sides_needed"):
            place(
                trajectory=placement.trajectory,
                group=group,
                trial=False,
                first_day=EVENING + timedelta(days=1),
                by=worker,
            )
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        definitive = admit(placement=placement, by=worker)
    outcome = TrialOutcome.objects.get(placement=placement)
    assert outcome.judged_by == worker
    assert outcome.own_wish_by == placement.trajectory.participant.user
    placement.refresh_from_db()
    stay = Trajectory.objects.get(pk=placement.trajectory_id)
    assert (stay.phase, stay.definitive_on) == ("participating", EVENING + timedelta(days=1))
    assert (placement.trial, placement.first_day, placement.last_day) == (True, EVENING, EVENING)
    assert (definitive.trial, definitive.first_day) == (False, EVENING + timedelta(days=1))


@pytest.mark.req("R-076")
def test_judgements_and_wish_come_after_the_evening(group: Group) -> None:
    worker = world.make_worker(group)
    stay = world.make_suitable(group)
    placement = place(trajectory=stay, group=group, trial=True, first_day=clock.today(), by=worker)
    with broken("trial_first"):
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
    with broken("trial_first"):
        record_wish(placement=placement, wish=True, by=worker)


@pytest.mark.req("R-080")
def test_a_definitive_place_begins_after_the_trial_evening(group: Group) -> None:
    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 22)):
        placement = visitor(group, worker)
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        record_wish(placement=placement, wish=True, by=worker)
        with broken("day_after_trial"):
            admit(placement=placement, by=worker, first_day=EVENING)


@pytest.mark.req("R-104")
def test_a_definitive_place_waits_for_every_yes(group: Group) -> None:
    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 22)):
        placement = visitor(group, worker, age=14)
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        record_wish(placement=placement, wish=True, by=worker)
        with broken("consent_missing"):
            admit(placement=placement, by=worker)
        placement.refresh_from_db()
        assert placement.last_day is None
        world.give_parental_yes(placement.trajectory)
        assert admit(placement=placement, by=worker).trial is False


@pytest.mark.req("R-078")
@pytest.mark.parametrize("who", ["programme", "group", "self"])
def test_not_fitting_means_helped_further_elsewhere(group: Group, who: str) -> None:
    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 22)):
        placement = visitor(group, worker)
        with broken("nobody_says_no"):
            decline(placement=placement, referral_to="social_team", reason="", by=worker)
        judge(
            placement=placement,
            programme_fits=who != "programme",
            group_fits=who != "group",
            by=worker,
        )
        record_wish(placement=placement, wish=who != "self", by=worker)
        decline(placement=placement, referral_to="social_team", reason="Te druk.", by=worker)
    referral = Referral.objects.get(trajectory=placement.trajectory)
    assert (referral.to, referral.reason) == ("social_team", "Te druk.")
    group.refresh_from_db()
    placement.refresh_from_db()
    assert Trajectory.objects.get(pk=placement.trajectory_id).phase == "referred"
    assert (placement.last_day, group.places_taken) == (EVENING, 0)


@pytest.mark.req("R-079")
def test_the_group_chat_comes_after_the_choice(group: Group) -> None:
    from groups.room.chat import note_chat

    worker = world.make_worker(group)
    with clock.travel(clock.at(EVENING, 22)):
        placement = visitor(group, worker)
        with broken("chat_after_choice"):
            note_chat(placement=placement, by=worker, what="in")
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        record_wish(placement=placement, wish=True, by=worker)
        definitive = admit(placement=placement, by=worker)
        note_chat(placement=definitive, by=worker, what="in")
    definitive.refresh_from_db()
    assert definitive.in_chat_on == EVENING


def test_a_move_ends_the_old_place_the_day_before(group: Group) -> None:
    worker = world.make_worker(group)
    other = world.make_group(age_from=12, age_until=30)
    with clock.travel(clock.at(EVENING)):
        stay = world.make_participating(group, since=EVENING - timedelta(days=60), age=17)
        world.give_own_agreements(stay)
        with broken("reason_needed"):
            move(trajectory=stay, to_group=other, first_day=EVENING, by=worker, reason=" ")
        new = move(
            trajectory=stay, to_group=other, first_day=EVENING, by=worker, reason="Verhuisd."
        )
    old = Placement.objects.get(trajectory=stay, group=group)
    assert (old.last_day, new.first_day) == (EVENING - timedelta(days=1), EVENING)
    for row in (group, other, stay):
        row.refresh_from_db()
    assert (group.places_taken, other.places_taken, stay.group_id) == (0, 1, other.pk)


def test_a_move_into_a_full_group_changes_nothing(group: Group) -> None:
    worker = world.make_worker(group)
    other = world.make_group(age_from=12, age_until=30, capacity=1)
    world.make_participating(other, since=EVENING)
    with clock.travel(clock.at(EVENING)):
        stay = world.make_participating(group, since=EVENING - timedelta(days=60), age=17)
        world.give_own_agreements(stay)
        with broken("group_full"):
            move(trajectory=stay, to_group=other, first_day=EVENING, by=worker, reason="Reistijd.")
    stay.refresh_from_db()
    assert stay.group_id == group.pk
    assert Placement.objects.get(trajectory=stay).last_day is None


def test_who_withdraws_gives_the_seat_back(group: Group) -> None:
    worker = world.make_worker(group)
    stay = world.make_suitable(group)
    place(trajectory=stay, group=group, trial=True, first_day=clock.today(), by=worker)
    journey.withdraw_sign_up(trajectory=stay, by=worker, reason="")
    give_back_seats({stay.pk: {"phase"}})
    group.refresh_from_db()
    assert group.places_taken == 0


def test_the_sweep_gives_a_seat_back_that_nobody_told_about(group: Group) -> None:
    worker = world.make_worker(group)
    stay = world.make_suitable(group)
    place(trajectory=stay, group=group, trial=True, first_day=clock.today(), by=worker)
    Trajectory.objects.filter(pk=stay.pk).update(phase="withdrawn", ended_on=clock.today())
    run_due()
    group.refresh_from_db()
    assert group.places_taken == 0
