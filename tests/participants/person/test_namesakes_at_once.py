"""Two people of one name who arrive at the same moment are told apart as well (R-343)."""

import random
import time
from datetime import date

import pytest
from django.db import transaction

from participants.models import Trajectory
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
