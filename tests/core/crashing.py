"""Settings of a Celery worker that kills itself (SIGKILL, whole group) at a named point.

The product holds no hook for this: the functions are wrapped here, in the worker's process.
`CRASH_AT` names the point; how many times it is passed first stands beside it.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery.signals import worker_process_init

from joinus.settings.test import *  # noqa: F403

POINTS = {
    "claiming": ("uuid4", "before", 0),
    "claimed": ("claim_batch", "after", 0),
    "asked": ("why_none_of", "after", 1),
    "accepted": ("hand_over", "after", 25),  # amid a batch
    "settled": ("record_sent", "after", 25),
}


@worker_process_init.connect
def _plant(**_: Any) -> None:
    from core.messaging import sending

    sending.LEASE = timedelta(seconds=1)
    point = os.environ.get("CRASH_AT", "")
    if not point:
        return
    name, side, left = POINTS[point]
    original: Callable[..., Any] = getattr(sending, name)

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
