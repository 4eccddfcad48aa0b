"""Real PostgreSQL and Valkey out of wheels: nothing to install, nothing left behind.

The face of this package:

- `endpoints(kind)`: the addresses, without touching anything; settings ask this.
- `hold(kind)`: start or re-attach, and keep the servers up while this process lives; the last
  holder that leaves stops them. `manage.py`, pytest and the demo do this.
- `start(kind)`, `stop(kind)`, `is_running(kind)`: by hand; also `python -m joinus.embedded`.

`kind` is "local" (development and demo, data kept), "test" (fast, expendable) or "bench-N"
(`make bench` with N people). A hold is a file lock, which the kernel drops even when the process
is killed, so no count can go stale.
"""

import atexit
import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from joinus.embedded import postgres, valkey
from joinus.embedded.place import LOCAL, place_of, prepare

__all__ = ["Endpoints", "endpoints", "hold", "is_running", "release", "start", "stop"]


@dataclass(frozen=True)
class Endpoints:
    """The addresses of one pair of servers, in the form of DATABASE_URL and REDIS_URL."""

    database_url: str
    redis_url: str


def endpoints(kind: str = "local") -> Endpoints:
    """Where the servers of this kind are, or will be once somebody starts them."""
    place = place_of(kind)
    return Endpoints(
        database_url=f"postgres://{postgres.ROLE}@/{quote(str(place.socket_dir))}/{postgres.DATABASE}",
        redis_url=f"unix://{quote(str(place.valkey_socket))}",
    )


def start(kind: str = "local") -> Endpoints:
    """Start both servers, or re-attach when they run. Safe to call from many processes."""
    with _one_at_a_time(kind):
        _start(kind)
    return endpoints(kind)


def stop(kind: str = "local") -> bool:
    """Stop both servers, whoever uses them. Returns whether one of them ran."""
    if not LOCAL.exists():
        return False
    with _one_at_a_time(kind):
        return _stop(kind)


def is_running(kind: str = "local") -> bool:
    """Do both servers answer at this moment?"""
    place = place_of(kind)
    return place.home.exists() and valkey.is_running(place) and postgres.is_running(place)


_holds: dict[str, tuple[int, IO[str]]] = {}


def hold(kind: str = "local") -> Endpoints:
    """Start or re-attach, and keep the servers up until this process ends (or `release`)."""
    if kind not in _holds:
        with _one_at_a_time(kind):
            hand = (LOCAL / f"{kind}.held").open("w")
            fcntl.flock(hand, fcntl.LOCK_SH)
            _start(kind)
            _holds[kind] = (os.getpid(), hand)
        atexit.register(release, kind)
    return endpoints(kind)


def release(kind: str = "local") -> None:
    """Let go; stops the servers when nobody else holds them."""
    holder, hand = _holds.pop(kind, (None, None))
    if hand is None or holder != os.getpid():  # a forked child let go of nothing
        return
    with _one_at_a_time(kind), hand, contextlib.suppress(BlockingIOError):
        fcntl.flock(hand, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _stop(kind)


def _start(kind: str) -> None:
    place = place_of(kind)
    prepare(place)
    postgres.start(place)
    valkey.start(place)


def _stop(kind: str) -> bool:
    place = place_of(kind)
    stopped_valkey = valkey.stop(place)
    return postgres.stop(place) or stopped_valkey


@contextlib.contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    LOCAL.mkdir(exist_ok=True)
    with Path(LOCAL / f"{kind}.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
