"""The one order of locks, and that the suite raises for whoever leaves it (R-357)."""

import contextlib
import itertools

import pytest
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from core import locks, ports
from core.locks import (
    NotHeld,
    OutOfOrder,
    lock_again,
    lock_all,
    lock_copy,
    lock_first,
    until_steady,
)
from core.organisations.models import Group
from participants.models import Trajectory
from participants.stay.changes import StayFact
from participants.stay.lock import lock
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-357")]


@pytest.fixture
def stay() -> Trajectory:
    return world.make_trajectory(group=world.make_group())


def test_the_group_before_the_stay_is_refused_and_both_are_named(stay: Trajectory) -> None:
    with transaction.atomic():
        lock_copy(stay.group)
        with pytest.raises(OutOfOrder) as error:
            lock(stay)
    assert str(error.value) == (
        f"participants.Trajectory {stay.pk} is asked for after organisations.Group {stay.group_id}"
    )


def test_the_stay_before_the_group_is_fine_and_so_is_asking_again(stay: Trajectory) -> None:
    with transaction.atomic():
        lock(stay)
        lock_copy(stay.group)
        lock(stay)


def test_rows_of_one_model_go_by_their_id(stay: Trajectory) -> None:
    later = world.make_trajectory(group=stay.group)
    with transaction.atomic():
        assert lock_all(Trajectory.objects.order_by("-pk")) == [stay, later]
    with transaction.atomic():
        lock(later)
        with pytest.raises(OutOfOrder):
            lock(stay)


def test_who_relies_on_a_lock_of_somebody_else_is_told_when_there_is_none(
    stay: Trajectory,
) -> None:
    """The cycle asks for no lock of its own when facts of a stay change (R-357)."""
    with transaction.atomic(), pytest.raises(NotHeld):
        ports.trajectory_changed({stay.pk: {StayFact.ATTENDANCE}})
    with transaction.atomic():
        lock(stay)
        ports.trajectory_changed({stay.pk: {StayFact.ATTENDANCE}})


def test_every_action_begins_with_nothing(stay: Trajectory) -> None:
    """One test is one transaction for the database; for the house it is as many as it has acts."""
    for _act in range(2):
        with transaction.atomic():
            lock(stay)
            lock_copy(stay.group)


def test_what_was_rolled_back_is_held_no_more(stay: Trajectory) -> None:
    with transaction.atomic():
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            lock_copy(stay.group)
            raise ZeroDivisionError
        lock(stay)
        with transaction.atomic():
            lock_copy(stay.group)
        with pytest.raises(OutOfOrder):
            lock_copy(stay.participant)


def test_what_was_just_made_is_in_nobody_elses_hands(stay: Trajectory) -> None:
    with transaction.atomic():
        lock_copy(stay.group)
        lock(world.make_trajectory(group=stay.group))


def test_a_model_without_a_place_in_the_order_is_not_locked(stay: Trajectory) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        lock_copy(stay.group.location.region)


def test_in_production_nobody_watches(stay: Trajectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "watch", None)
    with transaction.atomic():
        lock_copy(stay.group)
        lock(stay)


def test_a_row_is_read_afresh_into_the_object_that_was_given(stay: Trajectory) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(phase="leaving")
    with transaction.atomic():
        assert lock_again(stay) is stay
        assert lock_first(Group.objects.none()) is None
    assert stay.phase == "leaving"


def test_who_joined_while_we_waited_is_locked_as_well(stay: Trajectory) -> None:
    """Started over: the newcomer's stay would else be asked for after the group."""
    newcomer = world.make_trajectory(group=stay.group)
    asked: list[set[object]] = []

    def who() -> QuerySet[Trajectory]:
        everybody = Trajectory.objects.filter(group=stay.group_id)
        return everybody if asked else everybody.exclude(pk=newcomer.pk)

    def take(ids: set[object]) -> list[Trajectory]:
        asked.append(ids)
        stays = lock_all(Trajectory.objects.filter(pk__in=ids))
        lock_copy(stay.group)
        return stays

    with transaction.atomic():
        assert until_steady(who, take) == [stay, newcomer]
    assert asked == [{stay.pk}, {stay.pk, newcomer.pk}]


def test_a_set_that_never_comes_to_rest_is_given_up(stay: Trajectory) -> None:
    moments = itertools.count()

    def who() -> QuerySet[Trajectory]:
        return Trajectory.objects.all() if next(moments) % 2 else Trajectory.objects.none()

    with pytest.raises(OperationalError):
        until_steady(who, lambda _ids: None)
