"""The sweep: with a hundred stays due, and when nothing is due any more. Undone each time."""

from collections.abc import Iterator
from typing import Any

from core.sweep.steps import take_turns
from joinus.bench.measure import Act
from joinus.home.run_due import run_due
from questionnaires.sweep import STEPS

WAVES = next(step for step in STEPS if step.name == "waves")


def sweeps() -> Iterator[Act]:
    def whole() -> Any:
        run_due()

    def waves_only() -> Any:
        take_turns([WAVES])

    def settled() -> Any:
        run_due()

    plain: dict[str, Any] = {"undone": True, "requests": 3, "rounds": 3}
    yield Act("9", "sweep, what is due", whole, most_ms=100, **plain)
    yield Act("9", "sweep, cycle alone, what is due", waves_only, **plain)
    yield Act("9", "sweep, nothing due", whole, most_ms=50, before=settled, **plain)
