"""A group of five with two workers, on the evening of a meeting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from groups.models import Meeting
from participants.models import Trajectory
from tests import world
from tests.core.drafts.pages import ticket

DAY = date(2026, 3, 13)
SINCE = DAY - timedelta(days=200)
NAMES = ("Amir", "Bo", "Casey", "Noor", "Sam")


@dataclass
class Scene:
    group: Group
    fleur: User
    daan: User
    meeting: Meeting
    stays: dict[str, Trajectory]

    def url(self, name: str = "logbook") -> str:
        return reverse(f"groups:{name}", args=[self.meeting.pk])

    def page(self, user: User) -> str:
        return str(world.eyes(user).get(self.url()).content.decode())

    def post(self, user: User, card: str, *, page: Any = None, **fields: Any) -> Any:
        """A card is saved as the page does it: with the ticket that `page` (or a new one) held."""
        browser = page or Opened(self, user)
        return browser.save(card, **fields)


class Opened:
    """The logbook as it stood when somebody opened it."""

    def __init__(self, scene: Scene, user: User) -> None:
        self.scene, self.client = scene, Client()
        self.client.force_login(user)
        self.answer = self.client.get(scene.url())
        self.context = self.answer.context

    def save(self, card: str, **fields: Any) -> Any:
        shown = self.context["cards"][card] if "cards" in self.context else self.context["feedback"]
        sent = {
            name: told
            for bound in shown["form"]
            if (told := bound.value())
            for name in [bound.html_name]
        }
        sent |= {"card": card, "draft": self.ticket(card)} | fields
        return self.client.post(self.scene.url("logbook_save"), sent, headers=self.asks_for_json)

    @property
    def asks_for_json(self) -> dict[str, str]:
        """As the page's own script does."""
        return {"Accept": "application/json", "X-Logbook": self.context.get("pass", "")}

    def ticket(self, card: str) -> str:
        return ticket(self.answer.content.decode(), f'name="card" value="{card}"')

    def tap(self, name: str, *, talked: bool = True) -> Any:
        told = {"talked" if talked else "not_talked": str(self.scene.stays[name].pk)}
        return self.client.post(
            self.scene.url("logbook_save"),
            {"card": "talks"} | told,
            headers=self.asks_for_json,
        )

    def now(self, since: str = "") -> Any:
        return self.client.get(
            self.scene.url("logbook_now"),
            {"since": since},
            headers={"X-Logbook": self.context["pass"]},
        )


@pytest.fixture(autouse=True)
def _that_evening() -> Iterator[None]:
    with clock.travel(clock.at(DAY, 21, 58)):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    group = world.make_group(name="Groep 12-16")
    stays = {n: world.make_participating(group, since=SINCE, call_name=n) for n in NAMES}
    meeting = world.make_meeting(group, DAY, "held")
    for stay in stays.values():
        world.attend(stay, meeting)
    return Scene(
        group, world.make_worker(group), world.make_worker(group, "Daan Mulder"), meeting, stays
    )
