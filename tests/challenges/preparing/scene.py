"""The example of the documents: the game *Stellingen*, and five young people with a challenge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from challenges.models import Challenge, ChallengeMechanism, Mechanism
from challenges.reference import load_reference
from challenges.register.choosing import choose_challenge
from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from groups.models import Activity, Meeting
from participants.models import Trajectory
from tests import world
from tests.core.drafts.pages import ticket

DAY = date(2026, 3, 13)
SINCE = DAY - timedelta(days=200)
CHALLENGES = {
    "Amir": "Ik neem initiatief",
    "Jordan": "Ik overleg met anderen",
    "Layla": "Ik probeer nieuwe dingen uit",
    "Riley": "Ik geef mijn mening",
    "Sam": "Ik toon interesse in een ander",
}


@dataclass
class Scene:
    group: Group
    fleur: User
    daan: User
    meeting: Meeting
    activity: Activity
    stays: dict[str, Trajectory]
    challenges: dict[str, Challenge]

    def url(self, name: str = "preparation", *more: Any) -> str:
        return reverse(f"challenges:{name}", args=[self.meeting.pk, *more])

    def page(self, user: User) -> str:
        return str(world.eyes(user).get(self.url()).content.decode())

    def open(self, user: User) -> Opened:
        return Opened(self, user)

    def role(self, name: str) -> str:
        return f"role_{self.stays[name].pk}"

    def planned(self, name: str) -> str:
        return f"planned_{self.stays[name].pk}"


class Opened:
    """The page as it stood when somebody opened it."""

    def __init__(self, scene: Scene, user: User) -> None:
        self.scene, self.client = scene, Client()
        self.client.force_login(user)
        self.answer = self.client.get(scene.url())
        self.text = self.answer.content.decode()

    def save(self, *, quietly: bool = False, **fields: Any) -> Any:
        """With everything the page held; `quietly` as the script does it."""
        sent = {
            bound.html_name: told
            for bound in self.answer.context["form"]
            if (told := bound.value())
        }
        told = {"card": "people", "draft": ticket(self.text, 'data-card="people"')} | sent | fields
        more = {"HTTP_ACCEPT": "application/json"} if quietly else {}
        if quietly:
            more["HTTP_X_LOGBOOK"] = self.answer.context["pass"]
        return self.client.post(self.scene.url(), told, **more)


def make_scene() -> Scene:
    load_reference()
    group = world.make_group(name="Groep 12-16")
    stays = {
        name: world.make_participating(group, since=SINCE, call_name=name) for name in CHALLENGES
    }
    challenges = {
        name: choose_challenge(trajectory=stay, text=CHALLENGES[name], by=stay.participant.user)
        for name, stay in stays.items()
    }
    meeting = world.make_meeting(group, clock.today(), activity="Stellingen")
    activity = Activity.objects.create(
        group=group, meeting=meeting, title="Stellingen", proposed_at=clock.now()
    )
    fleur, daan = world.make_worker(group), world.make_worker(group, "Daan Mulder")
    return Scene(group, fleur, daan, meeting, activity, stays, challenges)


def label(challenge: Challenge, mechanism: Mechanism, by: User) -> None:
    """What a worker noted at the challenge."""
    ChallengeMechanism.objects.create(
        challenge=challenge, mechanism=mechanism, by=by, at=clock.now()
    )
