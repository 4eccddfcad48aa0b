"""Where a bench keeps its things, and the moment at which its world stands."""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core import clock
from joinus.embedded.place import LOCAL

#: Half past seven: the evening of the first group goes on, and mails may leave.
HOUR, MINUTE = 19, 30


def kind(people: int) -> str:
    """The name of the embedded servers."""
    return f"bench-{people}"


def facts(people: int) -> dict[str, Any]:
    try:
        return dict(json.loads(_facts_of(people).read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def note(people: int, **found: Any) -> None:
    LOCAL.mkdir(exist_ok=True)
    _facts_of(people).write_text(json.dumps(found))


def results(people: int) -> Path:
    return LOCAL / f"bench-{people}-results.json"


def moment(people: int) -> datetime | None:
    """When the world of this bench was filled; None before that."""
    found = facts(people).get("moment")
    return datetime.fromisoformat(found) if found else None


def today() -> datetime:
    return clock.at(clock.today(), HOUR, MINUTE)


def stand_still(people: int) -> None:
    """The clock of this process goes on from the moment of the fill, however old its data are."""
    began = moment(people)
    if began is None:
        return
    first, started = began, time.monotonic()
    clock.tick_by(lambda: first + timedelta(seconds=time.monotonic() - started))


def _facts_of(people: int) -> Path:
    return LOCAL / f"bench-{people}.json"
