"""The sweep: with a hundred stays due, and when nothing is due any more. Undone each time.

The steps of the day are one row, as beat calls them within five minutes; those of the night are
another.
"""

from collections.abc import Iterator
from typing import Any

from core import clock
from core.sweep.models import StepState
from core.sweep.steps import take_turn
from joinus.bench.measure import Act
from joinus.home.run_due import STEPS
from joinus.settings.timetable import EVERY_FIVE_MINUTES, ONCE_A_NIGHT


def sweeps() -> Iterator[Act]:
    plain: dict[str, Any] = {"undone": True, "requests": 3, "rounds": 3, "before": looked_until_now}
    yield Act("9", "sweep, what is due", five_minutes, most_ms=100, **plain)
    yield Act("9", "sweep, waves alone, what is due", waves, **plain)
    yield Act("9", "sweep, wave messages", messages, **plain)
    yield Act("9", "sweep, nothing due", five_minutes, most_ms=50, **plain | {"before": settled})
    yield Act("9", "sweep of the night", night, **plain)


def five_minutes() -> None:
    take(*EVERY_FIVE_MINUTES)


def waves() -> None:
    take("waves")


def messages() -> None:
    take("wave_messages")


def night() -> None:
    take(*ONCE_A_NIGHT, forced=True)


def looked_until_now() -> None:
    """As after the last tick: every step looked until a moment ago."""
    rows = [StepState(name=step.name, looked_until=clock.now()) for step in STEPS]
    StepState.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=["looked_until"]
    )


def settled() -> None:
    looked_until_now()
    five_minutes()


def take(*names: str, forced: bool = False) -> None:
    """A turn of these steps; `forced`: also where nothing says that it is time."""
    for step in STEPS:
        if step.name in names:
            take_turn(step, forced=forced)
