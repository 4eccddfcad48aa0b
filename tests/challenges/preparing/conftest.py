from collections.abc import Iterator

import pytest

from core import clock
from tests.challenges.preparing.scene import DAY, Scene, make_scene


@pytest.fixture(autouse=True)
def _that_afternoon() -> Iterator[None]:
    """Its sheet is not open yet: the two workers sit together before it."""
    with clock.travel(clock.at(DAY, 16)):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()
