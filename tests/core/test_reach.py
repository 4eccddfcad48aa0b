"""How far a permission goes: per permission, never "all my roles together"."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.rights import (
    NOWHERE,
    Reach,
    UnknownPermission,
    declare,
    declared,
    has_role,
    may,
    reach,
)
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.organisations.models import Group
from core.organisations.permissions import SEE_GROUPS
from groups.models import Attendance, Meeting, Placement
from groups.permissions import SEE_MEETINGS
from participants.models import Participant, Trajectory
from participants.permissions import CONSULT, SEE_FILE
from questionnaires.models import Invitation, Response
from questionnaires.permissions import SEE_ANSWERS
from tests import world

pytestmark = pytest.mark.django_db


def test_an_unknown_permission_is_an_error_not_a_no():
    with pytest.raises(UnknownPermission):
        reach(world.make_staff(), "participants.see_fiel")


def test_a_permission_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        declare(SEE_FILE.name, Role.RESEARCHER)
    assert declared()[SEE_FILE.name] == SEE_FILE


def test_nobody_and_participants_and_switched_off_people_reach_nothing():
    worker = world.make_worker(world.make_group())
    worker.is_active = False
    for user in (None, AnonymousUser(), world.make_participant().user, worker):
        assert all(reach(user, name) == NOWHERE for name in declared())


@pytest.mark.req("R-006")
def test_a_manager_at_one_and_worker_at_the_other_keeps_them_apart():
    """Files come from the worker's role alone, groups from both."""
    managed, worked, third = (world.make_group() for _ in range(3))
    user = world.make_manager(managed.location.organisation)
    world.give_role(user, Role.YOUTH_WORKER, group=worked)
    assert reach(user, SEE_FILE) == Reach(groups=frozenset({worked.pk}))
    assert reach(user, SEE_GROUPS) == Reach(
        organisations=frozenset({managed.location.organisation_id}), groups=frozenset({worked.pk})
    )
    stays = [world.make_trajectory(group=g) for g in (managed, worked, third)]
    assert list(Trajectory.objects.visible_to(user)) == [stays[1]]
    assert set(Group.objects.visible_to(user)) == {managed, worked}
    assert not reach(user, CONSULT)


@pytest.mark.req("R-007")
def test_a_coordinator_follows_the_journey_and_never_reads_an_answer():
    group = world.make_group()
    user = world.make_coordinator(group.location.region)
    stay = world.make_trajectory(group=group)
    assert stay in Trajectory.objects.journey_visible_to(user)
    assert stay not in Trajectory.objects.visible_to(user)
    assert not reach(user, SEE_ANSWERS)
    assert reach(user, SEE_MEETINGS).regions == {group.location.region_id}


def test_asking_twice_costs_one_query_a_request(django_assert_num_queries):
    user = User.objects.get(pk=world.make_worker(world.make_group()).pk)
    with django_assert_num_queries(1):
        for name in declared():
            reach(user, name)
        has_role(user, Role.YOUTH_WORKER)


# ---- Any set of roles: reach is exactly the sum of the roles that hold the permission --------

PLACES = ("a", "b")
DAY = date(2026, 6, 1)


@st.composite
def assignments(draw):
    role = draw(st.sampled_from(list(Role)))
    first = DAY + timedelta(days=draw(st.integers(-3, 3)))
    last = draw(st.one_of(st.none(), st.integers(0, 4)))
    place = draw(st.sampled_from(PLACES))
    return role, place, first, None if last is None else first + timedelta(days=last)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(held=st.lists(assignments(), max_size=5))
def test_reach_is_the_sum_of_the_roles_in_force_that_hold_it(held):
    with transaction.atomic(), clock.travel(DAY):
        groups = {place: world.make_group() for place in PLACES}
        user = world.make_staff()
        for role, place, first, last in held:
            RoleAssignment.objects.create(
                user=user,
                role=role,
                valid_from=first,
                valid_until=last,
                **scope(role, groups[place]),
            )
        for name, permission in declared().items():
            far = reach(User.objects.get(pk=user.pk), name)
            expected = {
                (SCOPE_OF[role], place)
                for role, place, first, last in held
                if role in permission.roles and first <= DAY and (last is None or last >= DAY)
            }
            for place, group in groups.items():
                inside = Group.objects.filter(far.as_q()).filter(pk=group.pk).exists()
                wanted = any(s == Scope.NATIONAL or p == place for s, p in expected)
                assert inside is wanted, (name, place, held)
        transaction.set_rollback(True)


def scope(role: Role, group: Group) -> dict[str, object]:
    return {
        Scope.NATIONAL: {},
        Scope.REGION: {"region": group.location.region},
        Scope.ORGANISATION: {"organisation": group.location.organisation},
        Scope.GROUP: {"group": group},
    }[SCOPE_OF[role]]


# ---- A random walk over two organisations leaks nothing -------------------------------------


class TwoOrganisations(RuleBasedStateMachine):
    """People and roles come, move and go in A and B; what anyone sees stays inside their reach.

    The expectation is kept beside the database in plain Python, by another reading of the rules.
    """

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.day = DAY

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def two_organisations(self) -> None:
        self.groups = [world.make_group() for _ in range(2)]
        third = world.make_group(
            organisation=self.groups[0].location.organisation,
            region=self.groups[0].location.region,
        )
        self.groups.append(third)
        self.users = [world.make_staff() for _ in range(3)]
        self.stays: list[Trajectory] = []

    @rule(who=st.integers(0, 2), where=st.integers(0, 2), role=st.sampled_from(list(Role)))
    def a_role_is_given(self, who: int, where: int, role: Role) -> None:
        RoleAssignment.objects.create(
            user=self.users[who], role=role, valid_from=self.day, **scope(role, self.groups[where])
        )

    @rule(who=st.integers(0, 2))
    def roles_end_today(self, who: int) -> None:
        RoleAssignment.objects.filter(user=self.users[who], valid_until=None).update(
            valid_until=self.day
        )

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(where=st.integers(0, 2))
    def somebody_takes_part(self, where: int) -> None:
        group = self.groups[where]
        if group.places_left == 0:
            return
        stay = world.make_trajectory(group=group)
        world.seat(stay, first_day=self.day)
        meeting = Meeting.objects.filter(group=group, date=self.day).first()
        world.attend(stay, meeting or world.make_meeting(group, self.day, status="held"))
        self.stays.append(stay)

    @rule(which=st.integers(0, 20), where=st.integers(0, 2))
    def somebody_moves(self, which: int, where: int) -> None:
        if self.stays:
            stay = self.stays[which % len(self.stays)]
            stay.group = self.groups[where]
            stay.save(update_fields=["group"])

    def roles_of(self, user: User) -> list[RoleAssignment]:
        return [
            a
            for a in RoleAssignment.objects.filter(user=user)
            if a.valid_from <= self.day and (a.valid_until is None or self.day <= a.valid_until)
        ]

    @invariant()
    def nobody_sees_outside_the_own_place(self) -> None:
        if not getattr(self, "groups", None):
            return
        with clock.travel(self.day):
            for user in self.users:
                self.check(User.objects.get(pk=user.pk))
            for stay in self.stays:
                young = stay.participant.user
                assert set(Trajectory.objects.visible_to(young)) == {stay}
                assert set(Participant.objects.visible_to(young)) == {stay.participant}
                assert {a.trajectory_id for a in Attendance.objects.visible_to(young)} == {stay.pk}

    def check(self, user: User) -> None:
        roles = self.roles_of(user)
        own = {a.group_id for a in roles if a.role == Role.YOUTH_WORKER}
        regions = {a.region_id for a in roles if a.role == Role.REGIONAL_COORDINATOR}
        files = {s.pk for s in self.stays if s.group_id in own}
        followed = files | {s.pk for s in self.stays if s.group.location.region_id in regions}
        reached = own | {g.pk for g in self.groups if g.location.region_id in regions}
        assert set(Trajectory.objects.visible_to(user).values_list("pk", flat=True)) == files
        assert {s.pk for s in Trajectory.objects.journey_visible_to(user)} == followed
        persons = {s.participant_id for s in self.stays if s.pk in files}
        assert set(Participant.objects.visible_to(user).values_list("pk", flat=True)) == persons
        assert {m.group_id for m in Meeting.objects.visible_to(user)} <= reached
        assert {p.group_id for p in Placement.objects.visible_to(user)} <= reached
        assert {a.meeting.group_id for a in Attendance.objects.visible_to(user)} <= reached
        assert {i.trajectory_id for i in Invitation.objects.visible_to(user)} <= followed
        assert {r.trajectory_id for r in Response.objects.visible_to(user)} <= files
        assert may(user, SEE_FILE) is bool(own)


def walk(examples: int, steps: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        TwoOrganisations,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


@pytest.mark.req("R-004", "R-010")
def test_a_random_walk_over_two_organisations_leaks_nothing():
    walk(examples=8, steps=12)


@pytest.mark.deep
@pytest.mark.req("R-004", "R-010")
def test_a_long_random_walk_leaks_nothing():
    walk(examples=100, steps=40)
