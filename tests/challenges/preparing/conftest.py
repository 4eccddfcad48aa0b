from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from core import clock
from tests.challenges.preparing.scene import DAY, Scene, make_scene
from tests.fixtures.database import built_once

#: Its sheet is not open yet: the two workers sit together before it.
BEFORE = clock.at(DAY, 16)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with built_once(django_db_blocker), clock.travel(BEFORE):
        yield make_scene()


@pytest.fixture(autouse=True)
def _that_afternoon() -> Iterator[None]:
    with clock.travel(BEFORE):
        yield


@pytest.fixture
def scene(_built: Scene, db: None) -> Scene:
    return deepcopy(_built)
