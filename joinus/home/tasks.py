"""What beat calls: each step of the sweep, by itself and with a limit of its own."""

from typing import Any

from celery import shared_task

from core.sweep.steps import GRACE, Step, take_turn
from joinus.home.run_due import STEPS
from joinus.home.run_due import run_due as sweep

#: Of all steps together: what the nightly ones need.
LIMIT = max(step.limit for step in STEPS)


def _task(step: Step) -> Any:
    @shared_task(
        name=f"{__name__}.{step.name}",
        soft_time_limit=step.limit.total_seconds(),
        time_limit=(step.limit + GRACE).total_seconds(),
    )
    def turn() -> None:
        take_turn(step)

    return turn


TASKS = {step.name: _task(step) for step in STEPS}


@shared_task(soft_time_limit=LIMIT.total_seconds(), time_limit=(LIMIT + GRACE).total_seconds())
def run_due() -> None:
    """The whole sweep, as beat called it in 0.2.0: for what waits in the queue during an update."""
    sweep()
