"""Groups small and large with the same kinds of things in them, to count statements in."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from challenges.register.choosing import choose_challenge
from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.organisations.models import Group, Municipality
from groups.models import AbsenceNotice, Meeting
from participants.models import ContactAttempt, Trajectory
from tests import world
from tests.questionnaires.build import make_invitation


@dataclass(frozen=True)
class Size:
    """Groups of the worker, people in each, and sign-ups in the first."""

    groups: int
    people: int
    sign_ups: int


SMALL, LARGE = Size(1, 5, 10), Size(5, 15, 60)


@dataclass
class Town:
    """A region with one organisation; one worker has all its groups."""

    size: Size
    groups: list[Group] = field(default_factory=list)
    stays: list[Trajectory] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.region = world.make_region()
        self.organisation = world.make_organisation()
        self.pc4 = f"35{self.size.people:02d}"
        self.municipality: Municipality = world.make_municipality(pc4=self.pc4, region=self.region)
        self.worker = world.make_staff("Fleur Jansen")
        self.colleague = world.make_staff("Daan Smit")
        self.coordinator = world.make_coordinator(self.region)
        self.manager = world.make_manager(self.organisation)
        self.foundation = world.make_national(Role.FOUNDATION)
        for number in range(self.size.groups):
            self._group(number)
        for number in range(self.size.sign_ups):
            self._sign_up(number)
        self.stay, self.group = self.stays[0], self.groups[0]
        self.young = self.stay.participant.user
        self.tonight = Meeting.objects.get(group=self.group, date=clock.today())
        self.wave = make_invitation(self.stays[1], opened_on=clock.today() - timedelta(days=2))

    def eyes(self, name: str) -> Client:
        user: User | None = getattr(self, name) if name else None
        return world.eyes(user)

    def id_of(self, name: str) -> UUID:
        found: Any = getattr(self, name)
        return UUID(str(found.pk))

    def _group(self, number: int) -> None:
        group = world.make_group(
            organisation=self.organisation,
            region=self.region,
            municipality=self.municipality if number == 0 else None,
            name=f"Groep {number}",
            capacity=self.size.people,  # full in both sizes: a full group asks who waits
        )
        self.groups.append(group)
        for user in (self.worker, self.colleague):
            world.give_role(user, Role.YOUTH_WORKER, group=group)
        today = clock.today()
        past = [
            world.make_meeting(group, today - timedelta(days=14 * n), "held") for n in (3, 2, 1)
        ]
        tonight = world.make_tonight(group)
        world.make_meeting(group, today + timedelta(days=14))
        for seat in range(1, self.size.people + 1):
            stay = world.make_participating(group, since=today - timedelta(days=50), number=seat)
            for meeting in past:
                world.attend(stay, meeting)
            if seat == 1:
                choose_challenge(
                    trajectory=stay, text="Praten met iemand nieuws.", by=stay.participant.user
                )
            if seat == 3:
                AbsenceNotice.objects.create(meeting=tonight, trajectory=stay, told_at=clock.now())
            if seat == 4:
                make_invitation(stay, opened_on=today - timedelta(days=20))
            self.stays.append(stay)

    def _sign_up(self, number: int) -> None:
        """Fresh, late, tried and spoken by turns."""
        at = clock.now() - timedelta(days=(1, 6, 2, 5)[number % 4])
        stay = world.make_trajectory(
            group=self.groups[0], phase="signed_up", age=14, signed_up_at=at
        )
        if number % 4 == 2:
            ContactAttempt.objects.create(
                trajectory=stay,
                by=self.worker,
                at=clock.now() - timedelta(hours=3),
                about="first_contact",
                outcome="no_answer",
            )
        if number % 4 == 3:
            stay.contacted_at = at + timedelta(days=1)
            stay.save(update_fields=["contacted_at"])
