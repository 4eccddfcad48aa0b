"""Who answers which port, in an explicit order. One page, read from top to bottom."""


def connect() -> None:
    """Give every port of `core.ports` its answers; called once when Django starts."""
