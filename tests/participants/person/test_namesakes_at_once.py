"""Two people of one name who arrive at the same moment are told apart as well (R-343)."""

import random
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.organisations.models import Group
from groups.seats.placement import move
from participants.models import Participant, Trajectory
from participants.person.details import change_details
from participants.stay.no_messages import send_nothing_more
from tests import world
from tests.races import at_once, left_behind


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-343")
def test_whoever_comes_second_sees_the_first_although_both_arrive_at_once() -> None:
    group = world.make_group()
    people = [
        world.make_participant(call_name="Noor", birth_date=date(2006 + n, 5, 3)) for n in range(6)
    ]
    names = {f"Noor ({2006 + n})" for n in range(6)}

    def arrive(number: int) -> None:
        with transaction.atomic():
            world.make_trajectory(group=group, participant=people[number])
            time.sleep(0.2)  # the others arrive before this one is there to be seen

    outcomes = at_once([lambda n=n: arrive(n) for n in range(6)], random.Random(343))
    assert outcomes == ["done"] * 6
    assert set(Trajectory.objects.values_list("shown_name", flat=True)) == names
    assert left_behind() == 0


class Two:
    """Two people in one group, each by objects of their own."""

    def __init__(self, group: Group, worker: Any, first: str, second: str) -> None:
        self.group, self.worker = group, worker
        self.people = [
            world.make_participant(call_name=name, birth_date=date(2008 + n, 5, 3))
            for n, name in enumerate((first, second))
        ]
        since = clock.today() - timedelta(days=60)
        self.stays = [
            world.make_participating(group, since=since, participant=person)
            for person in self.people
        ]
        for stay in self.stays:
            world.give_own_agreements(stay)

    def rename(self, number: int, name: str) -> None:
        me = Participant.objects.select_related("contact").get(pk=self.people[number].pk)
        change_details(participant=me, by=self.worker, call_name=name)

    def move(self, number: int, group: Group, days_ago: int) -> None:
        stay = Trajectory.objects.get(pk=self.stays[number].pk)
        day = clock.today() - timedelta(days=days_ago)
        move(trajectory=stay, to_group=group, first_day=day, by=self.worker, reason="Reis")

    def stop(self, number: int) -> None:
        me = Participant.objects.select_related("contact").get(pk=self.people[number].pk)
        send_nothing_more(participant=me, by=None, reason="asked")

    @property
    def shown(self) -> list[str]:
        rows = Trajectory.objects.filter(pk__in=[stay.pk for stay in self.stays])
        return sorted(rows.values_list("shown_name", flat=True))


def between_groups(rounds: int) -> None:
    """Two Noors of two organisations: they change places, come together, and one is renamed."""
    dice, region = random.Random(345), world.make_region()
    for _round in range(rounds):
        here, there = (world.make_group(region=region, age_until=30) for _n in range(2))
        worker = world.make_staff()
        two = Two(here, worker, "Noor", "Noor")
        assert two.shown == ["Noor (2008)", "Noor (2009)"]
        two.move(1, there, 2)
        assert two.shown == ["Noor", "Noor"]
        acts = [lambda t=two, g=there: t.move(0, g, 1), lambda t=two, g=here: t.move(1, g, 1)]
        assert at_once(acts, dice, longest_pause=0.005) == ["done", "done"]
        assert two.shown == ["Noor", "Noor"]
        acts = [lambda t=two, g=here: t.move(0, g, 0), lambda t=two: t.rename(1, "noór")]
        assert at_once(acts, dice, longest_pause=0.005) == ["done", "done"]
        assert two.shown == ["Noor (2008)", "noór (2009)"]
    assert left_behind() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-343", "R-357")
def test_namesakes_who_come_together_at_one_moment_are_told_apart() -> None:
    between_groups(3)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-343", "R-357")
def test_namesakes_come_together_two_hundred_times() -> None:
    between_groups(200)


def crossing(rounds: int) -> None:
    """Noor becomes Mila while Mila becomes Noor; both become Sanne; one says stop."""
    dice = random.Random(344)
    for _round in range(rounds):
        two = Two(world.make_group(), world.make_staff(), "Noor", "Mila")
        acts = [lambda t=two: t.rename(0, "Mila"), lambda t=two: t.rename(1, "Noor")]
        assert at_once(acts, dice, longest_pause=0.005) == ["done", "done"]
        assert two.shown == ["Mila", "Noor"]
        acts = [lambda t=two: t.rename(0, "Sanne"), lambda t=two: t.rename(1, "Sanne")]
        assert at_once(acts, dice, longest_pause=0.005) == ["done", "done"]
        assert two.shown == ["Sanne (2008)", "Sanne (2009)"]
        acts = [lambda t=two: t.rename(0, "Noor"), lambda t=two: t.rename(1, "Noor")]
        assert at_once([*acts, lambda t=two: t.stop(0)], dice, 0.005) == ["done"] * 3
        assert len(set(two.shown)) == 2, (
            "a row that is held keeps its older form, no more than that"
        )
    assert left_behind() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-343", "R-357")
def test_names_that_cross_each_other_wait_and_do_not_kill() -> None:
    crossing(15)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-343", "R-357")
def test_names_cross_each_other_two_hundred_times() -> None:
    crossing(200)
