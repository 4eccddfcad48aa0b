"""What time makes due about waves: they open, are missed, and write to their young person."""

from core.sweep.steps import Step, Turn
from questionnaires.cycle import backstop, cycle, reminders


def _waves(turn: Turn) -> None:
    """Due by their moment, and taps since the last look of which the port was not told."""
    tapped = backstop.tapped_since(turn.since)
    cycle.bring_up_to_date(turn, tapped, due=backstop.due_ids(cycle.moment_of(turn)))


def _wave_messages(turn: Turn) -> None:
    reminders.write_due(turn)


STEPS = (
    Step("waves", _waves),
    Step("waves_left", backstop.look_at_touched, nightly=True),
    Step("waves_of_the_week", backstop.look_at_all, nightly=True),
    Step("wave_messages", _wave_messages),
)
