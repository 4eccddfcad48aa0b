"""What time makes due in a group: moves whose day has come, seats nobody gave back, old names."""

from uuid import UUID

from core.sweep.steps import Step, Turn
from groups.seats import move_outcome, moving, placement, planned_move
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


def _moves_begin(turn: Turn) -> None:
    """Agreed moves whose first day has come (R-377); an earlier one is of the night."""
    if turn.is_new_day:
        _moves_left(turn)


def _moves_left(turn: Turn) -> None:
    turn.each(planned_move.moves_to_begin(), planned_move.begin_move)


def _moves_lapse(turn: Turn) -> None:
    """Asked two weeks ago, without the own answer (C-50)."""
    turn.each(moving.moves_to_lapse(), moving.lapse)
    move_outcome.end_left_behind()


STEPS = (
    Step("moves_begin", _moves_begin),
    Step("moves_left", _moves_left, nightly=True),
    Step("moves_lapse", _moves_lapse, nightly=True),
    Step("kept_seats", _kept_seats),
    Step("seats_left", _seats_left, nightly=True),
    Step("names_of_visitors", _names_of_visitors, nightly=True),
)
