"""On the way to the sheet nobody reads along what is not for the room (R-379)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from groups.evenings.closing import close_evening
from groups.models import Meeting
from participants.care.worry import begin_worry
from tests import world
from tests.world import eyes

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


@pytest.fixture(autouse=True)
def _people(group: Group, worker: Any) -> None:
    with clock.travel(clock.at(EVENING - timedelta(days=1), 12)):
        milan = world.make_participating(group, since=SINCE, call_name="Milan")
        begin_worry(trajectory=milan, by=worker, note="")
        world.make_participating(
            group, since=SINCE, call_name="Riley", blocked_reason="parent_withdrew"
        )


def way_to_the_sheet(worker: Any, group: Group, meeting: Meeting) -> list[str]:
    client = eyes(worker)
    start = client.get(reverse("home:today")).content.decode()
    inside = start.find('id="waiting-in-the-room"')
    if inside >= 0:  # shut until it is asked for
        start = start[:inside] + start[start.index("</details>", inside) :]
    rest = [("groups:group", group.pk), ("groups:meeting", meeting.pk)]
    return [start, *(client.get(reverse(n, args=[pk])).content.decode() for n, pk in rest)]


@pytest.mark.req("R-379")
@pytest.mark.parametrize(
    ("hour", "minute", "closed", "shown"),
    [
        (16, 59, False, True),
        (17, 0, False, False),
        (21, 59, False, False),
        (21, 59, True, True),
        (22, 0, False, True),
    ],
)
def test_from_two_hours_before_until_the_end_no_worry_and_no_consent(
    worker: Any,
    group: Group,
    meeting: Meeting,
    hour: int,
    minute: int,
    closed: bool,
    shown: bool,
) -> None:
    with clock.travel(clock.at(EVENING, hour, minute)):
        if closed:
            close_evening(meeting=meeting, by=worker)
        start, of_group, sheet = way_to_the_sheet(worker, group, meeting)
        for page in (start, of_group):
            assert ("zorgen" in page) is shown
            assert ("wacht op toestemming" in page) is shown
            assert "Milan" in page
        for word in ("zorgen", "toestemming"):
            assert word not in sheet


@pytest.mark.req("R-379")
def test_what_waits_is_one_tap_away(worker: Any, meeting: Meeting) -> None:
    with clock.travel(clock.at(EVENING, 19)):
        page = eyes(worker).get(reverse("home:today")).content.decode()
    assert '<details class="details" id="waiting-in-the-room">' in page
    assert "zodat niemand meeleest" in page
