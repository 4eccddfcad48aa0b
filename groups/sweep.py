"""What time makes due about seats: the backstop of the port that gives them back."""

from uuid import UUID

from core.sweep.steps import Step, Turn
from groups.seats import placement


def _kept_seats(turn: Turn) -> None:
    """Of stays that ended since the last look."""
    turn.each(placement.kept_seats(since=turn.since_day), _release)


def _seats_left(turn: Turn) -> None:
    turn.each(placement.kept_seats(), _release)


def _release(stay: UUID) -> None:
    placement.release_seats([stay])


STEPS = (
    Step("kept_seats", _kept_seats),
    Step("seats_left", _seats_left, nightly=True),
)
