"""Who in the filled world opens a page for the bench, and what stands on it."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.test import Client

from core import clock
from core.accounts import signin
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.accounts.sessions import SessionStore
from core.organisations.models import Group, Region
from groups.models import Meeting, Placement
from participants.models import Participant, Trajectory
from questionnaires.models import Invitation


def sign_in(user: User) -> str:
    """A session of somebody who took both steps; its key."""
    now = time.time()
    request = HttpRequest()
    request.session = SessionStore()
    request.session[SESSION_KEY] = str(user.pk)
    request.session[BACKEND_SESSION_KEY] = signin.BACKEND
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request.session[signin.SIGNED_IN_AT] = request.session[signin.LAST_SEEN_AT] = now
    signin.mark_both_steps(request, user)
    request.session.save()
    return str(request.session.session_key)


def browser(user: User | None, client: Client | None = None) -> Client:
    client = client or Client()
    if user is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(user)
    return client


@dataclass
class Cast:
    """The first groups of the fill: tonight's with fifteen people, then the crowded one."""

    @cached_property
    def groups(self) -> list[Group]:
        return list(Group.objects.order_by("pk")[:3])

    @cached_property
    def group(self) -> Group:
        """Fifteen people, an evening tonight, ten sign-ups (two in a small fill)."""
        return self.groups[0]

    @cached_property
    def tonight(self) -> Meeting:
        return Meeting.objects.get(group=self.group, date=clock.today())

    @cached_property
    def stays(self) -> list[Trajectory]:
        """Of that group: who takes part, with a seat."""
        seats = Placement.objects.filter(group=self.group, last_day=None, trial=False)
        return list(
            Trajectory.objects.filter(pk__in=seats.values("trajectory"), phase="participating")
            .select_related("participant__user")
            .order_by("pk")
        )

    @cached_property
    def stay(self) -> Trajectory:
        return self.stays[0]

    def worker_of(self, group: Group) -> User:
        roles = RoleAssignment.objects.filter(group=group, role=Role.YOUTH_WORKER)
        return User.objects.get(pk=roles.order_by("user")[:1].values("user"))

    def named(self, name: str) -> User | None:
        return User.objects.filter(name=name).first()

    def coordinator(self, region: int) -> tuple[User, int] | None:
        """Of this region, with how many groups there are."""
        user = self.named(f"Karim Regio {region}")
        if user is None:
            return None
        here = Region.objects.get(name=f"Regio {region}")
        return user, Group.objects.filter(location__region=here).count()

    def young(self, *, with_wave: str = "") -> tuple[User, Invitation | None]:
        """Somebody of the group with an account; with a wave that waits, when that is asked."""
        waits = Invitation.objects.open().filter(trajectory__participant__user__isnull=False)
        if not with_wave:
            return self._account(self.stay.participant), None
        wave = waits.filter(wave=with_wave, trajectory__phase="participating").order_by("pk")[0]
        return self._account(Participant.objects.get(trajectories=wave.trajectory_id)), wave

    @staticmethod
    def _account(person: Participant) -> User:
        assert person.user is not None  # noqa: S101
        return person.user

    def anybody(self) -> tuple[UUID, Any]:
        return self.group.pk, self.worker_of(self.group)
