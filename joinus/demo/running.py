"""What is written down about a running demo, and a lock that its processes hold together.

Every process of the demo inherits the open lock file, so the lock is free exactly when the last
of them has gone, however it went.
"""

import fcntl
import json
import time
from typing import IO, Any

from joinus.embedded.place import LOCAL

LOCK = LOCAL / "demo.lock"
FACTS = LOCAL / "demo.json"
MAIL_PORT = 8025  # unless another checkout's demo has it


def claim() -> IO[str] | None:
    """The lock, inheritable by children; None when a demo of this checkout runs."""
    LOCAL.mkdir(exist_ok=True)
    door = LOCK.open("w")
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        door.close()
        return None
    return door


def wait_until_free(seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while (door := claim()) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    door.close()
    return True


def note(**facts: Any) -> None:
    FACTS.write_text(json.dumps(facts))


def facts() -> dict[str, Any]:
    try:
        return dict(json.loads(FACTS.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def mail_url() -> str:
    """Where this checkout's demo catches mail; whatever runs beside it sends there too."""
    return f"smtp://127.0.0.1:{facts().get('mail', MAIL_PORT)}"
