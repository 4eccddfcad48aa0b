"""Group A of Fleur and Daan, Friday evening; Casey and Riley take part, Bo elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from challenges.observations.abc_scheme import Seen
from core import clock
from core.accounts.models import User
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Meeting
from participants.models import Trajectory
from tests import world

DAY = date(2026, 3, 13)
SAT = "Zat op de bank toen iedereen Mario Kart speelde"


@pytest.fixture(autouse=True)
def _that_evening() -> Iterator[None]:
    with clock.travel(clock.at(DAY, 19, 40)):
        yield


def ends(phase: str) -> dict[str, Any]:
    """What the database asks of a stay that is over."""
    return {"exited_on": DAY, "exit_kind": "goal"} if phase == "former" else {}


@dataclass
class Scene:
    group: Group
    fleur: User
    daan: User
    casey: Trajectory
    riley: Trajectory
    meeting: Meeting

    def path(self, stay: Trajectory | None = None, **asked: Any) -> str:
        told = "&".join(f"{name}={value}" for name, value in asked.items())
        page = reverse("challenges:observe", args=[(stay or self.casey).pk])
        return f"{page}?{told}" if told else page

    def seen(self, **more: Any) -> Seen:
        given: dict[str, Any] = {"behaviour": SAT, "on": DAY, "meeting": self.meeting.pk}
        return Seen(**given | more)

    def form(self, **more: Any) -> dict[str, Any]:
        """What a browser sends."""
        given = {
            "behaviour": SAT,
            "aim": "understand",
            "antecedent": "",
            "when": str(self.meeting.pk),
            "client_id": str(uuid7()),
            "came_from": "blad",
            "act": "save",
        }
        return given | more

    def page(self, user: User, **asked: Any) -> str:
        found = world.eyes(user).get(self.path(**asked))
        assert found.status_code == 200
        return found.content.decode()


def make_scene() -> Scene:
    group, day = world.make_group(name="Groep 12-16"), clock.today()
    since = day - timedelta(days=60)
    casey, riley = (
        world.make_participating(group, since=since, call_name=name) for name in ("Casey", "Riley")
    )
    signed_up = clock.at(since - timedelta(days=30))
    Trajectory.objects.update(signed_up_at=signed_up)
    for stay in (casey, riley):
        stay.refresh_from_db()
    meeting = world.make_meeting(group, day)
    return Scene(
        group,
        world.make_worker(group),
        world.make_worker(group, "Daan Mulder"),
        casey,
        riley,
        meeting,
    )


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()
