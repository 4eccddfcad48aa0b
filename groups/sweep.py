"""What time makes due in a group: seats nobody gave back, and names kept no longer."""

from uuid import UUID

from core.sweep.steps import Step, Turn
from groups.seats import placement
from groups.sheet import visitors


def _kept_seats(turn: Turn) -> None:
    """Of stays that ended since the last look."""
    turn.each(placement.kept_seats(since=turn.since_day), _release)


def _seats_left(turn: Turn) -> None:
    turn.each(placement.kept_seats(), _release)


def _names_of_visitors(turn: Turn) -> None:
    """Of friends who came along, once their sheet is settled."""
    turn.each(visitors.named_too_long(), visitors.forget_name)


def _release(stay: UUID) -> None:
    placement.release_seats([stay])


STEPS = (
    Step("kept_seats", _kept_seats),
    Step("seats_left", _seats_left, nightly=True),
    Step("names_of_visitors", _names_of_visitors, nightly=True),
)
