"""Somebody of fourteen with every yes, an open list that was really earned, and a parent who
takes the yes back and gives it again, as they do."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from core import clock
from core.accounts.models import User
from participants.consent import needed
from participants.models import ParentalConsent, Trajectory
from participants.parents import question as parental
from questionnaires.models import Invitation
from tests import world


@dataclass
class Life:
    """One stay; `wave`: its baseline, open."""

    stay: Trajectory
    consent: ParentalConsent
    wave: Invitation
    worker: User

    @property
    def user(self) -> User:
        user = self.stay.participant.user
        assert user is not None
        return user

    @property
    def browser(self) -> Client:
        return world.eyes(self.user)

    def take_back(self) -> None:
        parental.withdraw_by_parent(consent=ParentalConsent.objects.get(pk=self.consent.pk))
        self.stay.refresh_from_db()

    def give_again(self) -> None:
        """The same parent says yes to a new question."""
        ParentalConsent.objects.filter(pk=self.consent.pk).update(revoked_at=clock.now())
        self.consent = world.give_parental_yes(self.stay, guardian=self.consent.guardian)
        self.stay.refresh_from_db()


def begin(days_ago: int = 2, **fields: Any) -> Life:
    """Their baseline opened so many days ago: a block of the very day would take it back."""
    with clock.travel(clock.at(clock.today() - timedelta(days=days_ago), 12)):
        return _begin(**fields)


def _begin(**fields: Any) -> Life:
    group = world.make_group(organisation=world.make_organisation(phone="030 123 45 67"))
    worker = world.make_worker(group)
    today = clock.today()
    stay = world.make_participating(
        group,
        since=today - timedelta(days=3),
        **{"age": 14, "call_name": "Casey", "screened_on": today, **fields},
    )
    world.give_own_agreements(stay, settle=False)
    consent = world.give_parental_yes(stay)
    stay.refresh_from_db()
    assert not stay.blocked_reason
    return Life(stay, consent, Invitation.objects.get(trajectory=stay, state="open"), worker)


def block(stay: Trajectory, why: str = "parent_withdrew") -> None:
    """Written directly, for lists that no facts stand behind."""
    Trajectory.objects.filter(pk=stay.pk).update(blocked_reason=why)
    stay.blocked_reason = why


def unblock(stay: Trajectory) -> None:
    block(stay, "")


def settled(stay: Trajectory) -> list[str]:
    return [lack.code for lack in needed.settle(trajectory=stay)]
