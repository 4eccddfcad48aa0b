"""Roles: who may hold one, for which place, and that the dates decide at the next request."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core import clock
from core.accounts.assignments import assign_role, end_role
from core.accounts.models import RoleAssignment, User
from core.accounts.rights import may, reach
from core.accounts.roles import Role
from core.errors import RuleBroken
from core.messaging.models import Message
from core.organisations.permissions import SEE_GROUPS
from participants.models import Trajectory
from participants.permissions import SEE_FILE
from tests import world

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.req("R-001")
def test_workers_and_coordinators_have_a_part_for_professionals():
    group = world.make_group(name="De Kaap")
    stay = world.make_trajectory(group=group, phase="participating")
    worker, coordinator = world.make_worker(group), world.make_coordinator(group.location.region)
    for user, inside in ((worker, True), (coordinator, True), (stay.participant.user, False)):
        client = Client()
        client.force_login(user)
        start = client.get("/vandaag/").content.decode()
        assert ('class="staff__side"' in start and "De Kaap" in start) is inside
        assert (client.get(f"/groepen/{group.pk}/").status_code == 200) is inside


@pytest.mark.req_part("R-017")
def test_a_role_that_ends_today_is_gone_tomorrow_without_any_job():
    group = world.make_group()
    stay = world.make_trajectory(group=group)
    worker = world.make_worker(group)
    client = Client()
    today = clock.today()
    end_role(assignment=worker.role_assignments.get(), last_day=today, by=None)
    client.force_login(fresh(worker))
    address = f"/deelnemers/{stay.pk}/"
    assert client.get(address).status_code == 200
    with clock.travel(today + timedelta(days=1)):
        assert client.get(address).status_code == 404
        assert not may(fresh(worker), SEE_FILE)


def test_a_role_begins_on_its_first_day():
    group = world.make_group()
    user = world.make_staff()
    tomorrow = clock.today() + timedelta(days=1)
    assign_role(user=user, role=Role.YOUTH_WORKER, group=group, valid_from=tomorrow, by=None)
    assert not may(fresh(user), SEE_FILE)
    with clock.travel(tomorrow):
        assert reach(fresh(user), SEE_FILE).groups == {group.pk}


@pytest.mark.req("R-021")
def test_a_worker_of_two_groups_sees_exactly_those():
    mine, also_mine, not_mine = (world.make_group() for _ in range(3))
    stays = {g.pk: world.make_trajectory(group=g) for g in (mine, also_mine, not_mine)}
    worker = world.make_worker(mine)
    assign_role(
        user=worker, role=Role.YOUTH_WORKER, group=also_mine, valid_from=clock.today(), by=None
    )
    seen = set(Trajectory.objects.visible_to(fresh(worker)))
    assert seen == {stays[mine.pk], stays[also_mine.pk]}


@pytest.mark.req("R-012")
def test_the_quality_coordinator_reaches_every_region_and_no_person():
    user = world.make_national(Role.QUALITY_COORDINATOR)
    stay = world.make_trajectory(group=world.make_group())
    assert reach(user, SEE_GROUPS).national
    assert not Trajectory.objects.visible_to(user).filter(pk=stay.pk).exists()


def test_a_new_role_ends_the_sessions_that_run():
    worker = world.make_worker(world.make_group())
    before = worker.session_epoch
    assign_role(user=worker, role=Role.RESEARCHER, valid_from=clock.today(), by=None)
    assert fresh(worker).session_epoch == before + 1


def test_a_participant_never_carries_a_role():
    young = world.make_participant().user
    with pytest.raises(RuleBroken) as broken:
        assign_role(user=young, role=Role.FOUNDATION, valid_from=clock.today(), by=None)
    assert broken.value.code == "participant_role"


@pytest.mark.parametrize("role", Role)
def test_each_role_needs_its_own_scope_and_no_other(role):
    user, group = world.make_staff(), world.make_group()
    places = {"group": group, "region": group.location.region}
    with pytest.raises(RuleBroken) as broken:
        assign_role(user=user, role=role, valid_from=clock.today(), by=None, **places)
    assert broken.value.code == "role_scope"
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=user, role=role, valid_from=clock.today(), **places)


def test_a_role_cannot_end_before_it_begins():
    user = world.make_staff()
    with pytest.raises(RuleBroken) as broken:
        assign_role(
            user=user,
            role=Role.FOUNDATION,
            valid_from=clock.today(),
            valid_until=clock.today() - timedelta(days=1),
            by=None,
        )
    assert broken.value.code == "role_dates"


def test_a_role_ended_before_its_first_day_never_begins():
    user = world.make_staff()
    ahead = clock.today() + timedelta(days=9)
    role = assign_role(user=user, role=Role.FOUNDATION, valid_from=ahead, by=None)
    end_role(assignment=role, last_day=clock.today(), by=None)
    assert not user.role_assignments.exists()


def test_the_first_coordinator_is_invited_from_the_command_line():
    region = world.make_region("Regio Oost")
    call_command(
        "invite_staff",
        email="Karim@Example.org",
        name="Karim Bakker",
        role="regional_coordinator",
        place="Regio Oost",
    )
    user = User.objects.get(email="karim@example.org")
    assert not user.has_usable_password()
    assert reach(user, SEE_GROUPS).regions == {region.pk}
    mail = Message.objects.get(template="invitation")
    path = mail.secret.split("8000")[1].rstrip('"}')
    assert Client().get(path, follow=True).context["form"]


def test_an_invitation_names_a_place_that_exists():
    with pytest.raises(CommandError, match="existing group"):
        call_command(
            "invite_staff", email="a@example.org", name="A", role="youth_worker", place="nergens"
        )
    assert not User.objects.exists()


def test_an_invitation_never_makes_a_participant_staff():
    from core.accounts.invitations import invite_staff

    young = world.make_participant().user
    with pytest.raises(RuleBroken) as broken:
        invite_staff(
            email=young.email, name="A", role=Role.FOUNDATION, valid_from=clock.today(), by=None
        )
    assert broken.value.code == "address_taken"
