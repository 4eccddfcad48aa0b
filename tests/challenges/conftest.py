"""Noor of a group of two workers, and what she tries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from challenges.models import Challenge
from challenges.register.choosing import choose_challenge
from core import clock
from core.organisations.models import Group
from participants.models import Trajectory
from tests import world

TODAY = date(2026, 3, 13)
WORDS = "Ik vraag iemand of we samen lunchen"


@dataclass
class Scene:
    """`noor` takes part in `group`, which `fleur` and `daan` lead; `lunch` is her challenge."""

    group: Group
    stay: Trajectory
    noor: Any
    fleur: Any
    daan: Any
    lunch: Challenge

    def again(self) -> Challenge:
        return Challenge.objects.select_related("trajectory__participant").get(pk=self.lunch.pk)

    def now_at(self, phase: str, **facts: Any) -> None:
        ended = {"exited_on": TODAY, "ended_on": TODAY, "exit_kind": "other"}
        facts = (ended if phase == "former" else {}) | facts
        Trajectory.objects.filter(pk=self.stay.pk).update(phase=phase, **facts)


@pytest.fixture
def practise_day() -> Iterator[None]:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def practise(db: None, practise_day: None) -> Scene:
    group = world.make_group()
    since = TODAY - timedelta(days=120)
    stay = world.make_participating(group, since=since, call_name="Noor", age=17)
    noor = stay.participant.user
    fleur = world.make_worker(group, "Fleur Jansen")
    daan = world.make_worker(group, "Daan de Vries")
    lunch = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    return Scene(group, stay, noor, fleur, daan, lunch)
