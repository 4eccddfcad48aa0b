"""What time makes due about waves: they open, are missed, and write to their young person."""

from core.sweep.steps import Step, Turn
from questionnaires.cycle import cycle, reminders


def _waves(turn: Turn) -> None:
    """Due by their day, and taps since the last look of which the port was not told."""
    tapped = cycle.tapped_since(turn.since)
    cycle.bring_up_to_date(turn, tapped, due=cycle.due_ids(cycle.moment_of(turn)))


def _waves_left(turn: Turn) -> None:
    cycle.bring_up_to_date(turn, cycle.looked_back_at(turn.day))


def _wave_messages(turn: Turn) -> None:
    reminders.write_due(turn)


STEPS = (
    Step("waves", _waves),
    Step("waves_left", _waves_left, nightly=True),
    Step("wave_messages", _wave_messages),
)
