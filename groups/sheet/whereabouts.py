"""Where the group is while it is away from the building: what a latecomer, the help card and a head
count go by. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import clock


@dataclass(frozen=True)
class Stop:
    """Where the group is from this moment on (`groups.models.ActivityStop`)."""

    at: datetime
    what: str
    place: str
    is_back: bool
    counted: int | None


@dataclass(frozen=True)
class Away:
    """Not at the usual place. `counted`: how many were together when they last counted."""

    what: str
    place: str
    back_at: datetime | None
    counted: int | None


def stop_of(row: dict[str, Any]) -> Stop:
    """A stop as the database tells it."""
    at = clock.local(datetime.fromisoformat(row["at"]))
    return Stop(at, row["what"], row["place"], row["is_back"], row["counted"])


def away(stops: Iterable[Stop], moment: datetime) -> Away | None:
    """Where they are now; None at the usual place, which is where they are before the first."""
    line = sorted(stops, key=lambda stop: stop.at)
    begun = [stop for stop in line if stop.at <= moment]
    if not begun or begun[-1].is_back:
        return None
    back = next((stop.at for stop in line if stop.at > moment and stop.is_back), None)
    counted = next((stop.counted for stop in reversed(begun) if stop.counted is not None), None)
    return Away(begun[-1].what, begun[-1].place, back, counted)
