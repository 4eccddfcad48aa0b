"""Consent is withdrawn while somebody is being placed: whatever comes first, both rules hold.

A thousand pairs of acts, ten at a time in one group with seeded pauses (trust.md 17): nobody
without the yes is active, no seat is given twice or lost, and no lock stays behind.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count

from core import clock
from core.organisations.models import Group
from groups.models import Placement
from groups.seats.trial import admit, judge, record_wish
from participants.models import Hold, ParentalConsent, Trajectory
from participants.parents import question as parental
from tests import world
from tests.races import at_once, left_behind

PAIRS = 10
EVENING = clock.at(clock.today() - timedelta(days=1), 22)


def in_the_trial(group: Group, worker: Any, number: int) -> tuple[Trajectory, ParentalConsent]:
    """Fourteen, all yeses given, came yesterday, and both sides would like to go on."""
    with clock.travel(EVENING):
        stay = world.make_suitable(group, age=14)
        Trajectory.objects.filter(pk=stay.pk).update(phase="trial")
        stay.refresh_from_db()
        consent = world.give_parental_yes(stay)
        day = EVENING.date()
        placement = world.seat(stay, group, first_day=day, trial=True, number=number)
        meeting = group.meetings.filter(date=day).first() or world.make_meeting(group, day, "held")
        world.attend(stay, meeting)
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        record_wish(placement=placement, wish=True, by=worker)
    return stay, consent


def one_round(seed: int) -> dict[str, int]:
    dice = random.Random(seed)
    group = world.make_group(age_from=12, age_until=16)
    worker = world.make_worker(group)
    people = [in_the_trial(group, worker, number + 1) for number in range(PAIRS)]
    acts: list[Callable[[], Any]] = []
    for stay, consent in people:
        placement = Placement.objects.get(trajectory=stay)
        mine = ParentalConsent.objects.get(pk=consent.pk)
        pair = [
            lambda p=placement: admit(placement=p, by=worker),
            lambda c=mine: parental.withdraw_by_parent(consent=c),
        ]
        dice.shuffle(pair)
        acts += pair
    outcomes = at_once(acts, dice)
    assert set(outcomes) <= {"done", "consent_missing"}, outcomes
    for stay, _consent in people:
        stay.refresh_from_db()
        definitive = Placement.objects.filter(trajectory=stay, trial=False).count()
        assert stay.blocked_reason == "parent_withdrew"
        assert (stay.phase, definitive) in {("participating", 1), ("trial", 0)}
        assert Hold.objects.running().filter(trajectory=stay).count() == 1
    group.refresh_from_db()
    seats = Placement.objects.filter(group=group, last_day__isnull=True)
    assert group.places_taken == seats.count() == PAIRS
    assert not seats.values("seat").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert not Trajectory.objects.filter(group=group).active().exists()
    assert left_behind() == 0
    return {kind: outcomes.count(kind) for kind in ("done", "consent_missing")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-104")
def test_a_yes_taken_back_while_being_placed_leaves_nobody_active_and_no_lock() -> None:
    one_round(1)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-104")
def test_a_thousand_random_interleavings_of_placing_and_withdrawing() -> None:
    came_to = {"done": 0, "consent_missing": 0}
    for seed in range(100):
        for kind, times in one_round(seed).items():
            came_to[kind] += times
    assert sum(came_to.values()) == 2 * 100 * PAIRS
    assert came_to["consent_missing"] > 20, "the withdrawal was first now and then"
    assert came_to["done"] > 1020, "and so was the placement"
