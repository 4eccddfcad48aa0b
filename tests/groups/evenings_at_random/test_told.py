"""Random plans, moves and cancellations: everybody told exactly once, and nobody of what was taken
back in time (R-376, C-49)."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.core import mail

from tests.groups.evenings_at_random.told_play import BEGINS, Life, Town
from tests.lives.watch import aside

pytestmark = pytest.mark.django_db
Record = Callable[[str, object], None]


def lives(begins: int, seeds: range, steps: int) -> Counter[str]:
    town, count = Town(BEGINS[begins % len(BEGINS)]), Counter[str]()
    for seed in seeds:
        with aside():
            count += Life(town, seed).play(steps)
        mail.outbox.clear()
    print(f"\n{dict(count)}")  # noqa: T201
    return count


@pytest.mark.req("R-376")
def test_six_calendars_in_which_everybody_is_told_once(record_property: Record) -> None:
    count = lives(0, range(6), 6)
    record_property("told", dict(count))
    for what in ("mails", "told by a person", "taken back", "nobody heard", "refused"):
        assert count[what], f"hardly any {what}"


@pytest.mark.deep
@pytest.mark.req("R-376")
@pytest.mark.parametrize("world", range(12))
def test_a_thousand_calendars_in_which_everybody_is_told_once(
    world: int, record_property: Record
) -> None:
    """1,008 calendars of eight acts and what is rung, on four moments of the year."""
    record_property("told", dict(lives(world, range(1000 + world * 84, 1084 + world * 84), 8)))
