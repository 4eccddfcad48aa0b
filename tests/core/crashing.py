"""Settings of a Celery worker that kills itself (SIGKILL, whole group) at a named point.

The product holds no hook for this: the functions are wrapped here, in the worker's process.
`CRASH_AT` names the point, `CRASH_AFTER` how many times it is passed first.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init

from joinus.settings.test import *  # noqa: F403

POINTS = {
    "claiming": ("uuid4", "before"),
    "claimed": ("claim_batch", "after"),
    "renewed": ("renew_claim", "after"),
    "accepted": ("hand_over", "after"),
    "settled": ("settle", "after"),
}


@worker_process_init.connect
def _plant(**_: Any) -> None:
    from core.messaging import sending

    sending.LEASE = timedelta(seconds=1)
    point = os.environ.get("CRASH_AT", "")
    if not point:
        return
    name, side = POINTS[point]
    original: Callable[..., Any] = getattr(sending, name)
    left = int(os.environ.get("CRASH_AFTER", "0"))

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if side == "before" and left < 0:
            os.killpg(0, signal.SIGKILL)
        result = original(*args, **kwargs)
        if left < 0:
            os.killpg(0, signal.SIGKILL)
        return result

    setattr(sending, name, wrapped)
