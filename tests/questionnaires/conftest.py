import pytest
from django.test import Client

from participants.models import Trajectory
from questionnaires.instrument import instrument as instruments
from questionnaires.models import Instrument, Invitation
from tests import world
from tests.questionnaires.build import make_invitation


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    """A version of one test is not remembered in the next."""
    instruments._read.clear()


@pytest.fixture
def instrument(db: None) -> Instrument:
    return Instrument.objects.get()


@pytest.fixture
def stay(instrument: Instrument) -> Trajectory:
    return world.make_trajectory(group=world.make_group(), call_name="Casey")


@pytest.fixture
def wave(stay: Trajectory) -> Invitation:
    """An open interim wave of Casey: 22 items."""
    return make_invitation(stay)


@pytest.fixture
def casey(client: Client, stay: Trajectory) -> Client:
    """A signed-in Casey, with the published words in place."""
    client.force_login(stay.participant.user)
    return client
