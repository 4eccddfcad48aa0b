"""What an action changed about stays: told to the floors above once, at its end (R-357).

A step says `changed(...)`. Alone, it calls the port at once. Within `told_once()`, which every
action of several steps stands in, it is collected, and the outermost one calls the port when all
is done: still inside the transaction, so that a floor above can refuse the whole.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from uuid import UUID

from core import ports


class StayFact(StrEnum):
    """Which kind of fact; the floors above look the fact itself up."""

    SIGNED_UP = "signed_up"
    SCREENED = "screened"
    CONSENT = "consent"
    HOLD = "hold"
    PHASE = "phase"
    MOVED = "moved"
    ATTENDANCE = "attendance"
    EVENING = "evening"
    LAST_MEETING = "last_meeting"
    STOPPED = "stopped"
    EXIT = "exit"
    REOPENED = "reopened"
    RETURNED = "returned"
    CONTACT_REFUSED = "contact_refused"
    ERASED = "erased"


_collected: ContextVar[dict[UUID, set[str]] | None] = ContextVar("changes_of_stays", default=None)


def changed(trajectory_ids: Iterable[UUID], fact: StayFact) -> None:
    """These stays changed in this respect. Expects them to be locked."""
    with told_once() as facts:
        for trajectory_id in trajectory_ids:
            facts.setdefault(trajectory_id, set()).add(fact)


@contextmanager
def told_once() -> Iterator[dict[UUID, set[str]]]:
    """All changes within, in one call of the port `trajectory_changed`; none when it raises."""
    outer = _collected.get()
    if outer is not None:
        yield outer
        return
    facts: dict[UUID, set[str]] = {}
    token = _collected.set(facts)
    try:
        yield facts
    finally:
        _collected.reset(token)
    if facts:
        ports.trajectory_changed(facts)
