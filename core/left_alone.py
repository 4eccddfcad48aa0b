"""What is away is left alone for a while: whoever waits for it keeps a person waiting."""

import time

import structlog

log = structlog.get_logger(__name__)
#: Not asked again for so long; then one request tries it.
SECONDS = 10


class LeftAlone:
    """Of all threads of this process. `name` stands in the log: `cache_away`, `broker_away`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.until = 0.0

    @property
    def now(self) -> bool:
        return time.monotonic() < self.until

    def begin(self, trouble: BaseException) -> None:
        self.until = time.monotonic() + SECONDS
        log.error(f"{self.name}_away", exception=type(trouble).__name__)
