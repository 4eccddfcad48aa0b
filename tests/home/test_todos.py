"""What waits for the coordinator about a whole group, and when it goes away."""

from datetime import timedelta

import pytest

from core import clock
from core.accounts.assignments import end_role
from core.accounts.models import RoleAssignment
from core.organisations.models import Group
from joinus.home.todos import todos
from tests.world import make_coordinator, make_group, make_trajectory, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    group = make_group(name="Groep 12–16")
    make_worker(group)
    make_worker(group)
    return group


@pytest.mark.req("R-269")
def test_a_group_that_loses_a_worker_asks_the_coordinator(group: Group) -> None:
    coordinator = make_coordinator(group.location.region)
    assert todos(coordinator) == []
    role = RoleAssignment.objects.filter(group=group).latest("pk")
    end_role(assignment=role, last_day=clock.today(), by=coordinator)
    with clock.travel(clock.today() + timedelta(days=1)):
        coordinator.__dict__.pop("_roles_in_force", None)
        (todo,) = todos(coordinator)
        assert (todo.kind, todo.urgency) == ("workers", 0)
        assert todo.about == todo.group_id == group.pk
        assert todo.url.endswith(f"{group.pk}/#workers")
        make_worker(group)
        assert todos(coordinator) == []


@pytest.mark.req("R-045")
def test_a_waiting_list_of_two_weeks_asks_for_a_second_group_until_nobody_waits(
    group: Group,
) -> None:
    coordinator = make_coordinator(group.location.region)
    stay = make_trajectory(
        group=group, phase="signed_up", waiting_since=clock.today() - timedelta(days=13)
    )
    assert todos(coordinator) == []
    stay.waiting_since = clock.today() - timedelta(days=14)
    stay.save()
    (todo,) = todos(coordinator)
    assert "1 op de wachtlijst, oudste 2 weken" in todo.reason
    stay.waiting_since = None
    stay.save()
    assert todos(coordinator) == []


def test_another_regions_group_and_a_worker_see_nothing_of_it(group: Group) -> None:
    make_trajectory(
        group=group, phase="signed_up", waiting_since=clock.today() - timedelta(days=30)
    )
    elsewhere = todos(make_coordinator(make_group().location.region))
    assert group.pk not in {todo.group_id for todo in elsewhere}
    assert todos(make_worker(group)) == []
