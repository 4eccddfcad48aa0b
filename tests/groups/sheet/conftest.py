"""The evening that most tests of the sheet are about, its group and one of the workers."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.organisations.models import Group
from groups.models import Meeting
from tests import world

EVENING = date(2026, 3, 13)
SINCE = EVENING - timedelta(days=60)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return world.make_meeting(group, EVENING)
