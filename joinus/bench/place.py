"""Where a bench keeps its things, and the moment at which its world stands."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

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
    return clock.at(timezone.now().astimezone(clock.AMSTERDAM).date(), HOUR, MINUTE)


def stand_still(people: int) -> None:
    """The clock of this process goes on from the moment of the fill, however old its data are."""
    began = moment(people)
    if began is None:
        return
    away: timedelta = began - timezone.now()
    clock.tick_by(lambda: timezone.now() + away)


def _facts_of(people: int) -> Path:
    return LOCAL / f"bench-{people}.json"
