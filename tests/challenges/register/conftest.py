"""A group that meets at eight, Noor in it since seven weeks, and her worker Fleur."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from challenges.models import Challenge
from challenges.register.choosing import choose_challenge
from core import clock
from core.organisations.models import Group
from participants.models import Trajectory
from tests import world

#: A Friday.
TODAY = date(2026, 3, 13)
WORDS = "Ik ga in de pauze bij de anderen aan tafel zitten"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_participating(
        group, since=TODAY - timedelta(days=49), call_name="Noor", age=15
    )


@pytest.fixture
def noor(stay: Trajectory) -> Any:
    return stay.participant.user


@pytest.fixture
def fleur(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def chosen(stay: Trajectory, noor: Any) -> Challenge:
    with clock.travel(TODAY - timedelta(days=10)):
        return choose_challenge(trajectory=stay, text=WORDS, by=noor)
