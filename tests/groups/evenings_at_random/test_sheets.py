"""Random evenings of two workers with phones that lose their connection, undo and correct: no
attendance lost, doubled or wrongly counted (R-130, R-131, R-378)."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.groups.evenings_at_random.sheet_play import EVENINGS, Evening, Town
from tests.lives.watch import aside

pytestmark = pytest.mark.django_db
Record = Callable[[str, object], None]


def evenings(which: int, size: int, seeds: range, steps: int) -> Counter[str]:
    town, count = Town(*EVENINGS[which % len(EVENINGS)], size), Counter[str]()
    for seed in seeds:
        with aside():
            count += Evening(town, seed).play(steps)
    print(f"\n{dict(count)}")  # noqa: T201
    return count


@pytest.mark.req("R-130", "R-131", "R-378")
def test_seven_evenings_stand_as_the_model_says(record_property: Record) -> None:
    count = evenings(0, 7, range(7), 12)
    record_property("sheets", dict(count))
    for what in ("saved", "already", "stale", "undone", "everyone", "guests", "visitor"):
        assert count[what], f"hardly any {what}"


@pytest.mark.deep
@pytest.mark.req("R-130", "R-131", "R-378")
@pytest.mark.parametrize("world", range(12))
def test_a_thousand_evenings_stand_as_the_model_says(world: int, record_property: Record) -> None:
    """1,008 evenings of five to fifteen people."""
    seeds, size = range(1000 + world * 84, 1084 + world * 84), 5 + (world * 7) % 11
    record_property("sheets", dict(evenings(world, size, seeds, 16)))
