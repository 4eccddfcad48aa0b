"""Who answers which port, in an explicit order. One page, read from top to bottom."""

from core import ports
from core.messaging import todos as messaging_todos


def connect() -> None:
    """Give every port of `core.ports` its answers; called once when Django starts."""
    ports.todos.answered_by(
        messaging_todos.todos,
    )
