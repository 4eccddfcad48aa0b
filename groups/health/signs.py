"""What asks attention in a group, and how much: pure rules of its facts and a day.

One place for the workers' page of the group and for the coordinator's list, which adds the waiting
list (`joinus.home.attention.signs`) and says the same once more in SQL. Facts are counts and days,
never a person. Whom nobody talked with for long stands beside the names (`groups.seats.last_talk`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from core.organisations.models import SMALLEST_GROUP, Group
from core.ports import TodoKind
from groups.todo_kinds import Kind

#: A group is led by two (R-120).
WORKERS = 2
#: Every two weeks (R-114); a holiday in between makes three. Longer than this is a hole.
TOO_LONG = timedelta(weeks=3)
#: How much a group needs somebody: what it is asked for most, nothing, or only what was seen.
NO_WORKER, ONE_WORKER, YELLOW, WORTH_A_LOOK, CALM, SEEN = range(6)


class GroupFacts(Protocol):
    """A group in figures. A day that is not there is None.

    `workers`: youth workers in force, `worker_left_on` the last day of who left last. `seats`:
    open placements, `taking_part` those after the trial, `seat_left_on` the last day of who had
    one and left last. `met`: a meeting was ever held; `last_on`: the last one that is over and was
    not cancelled; `next_on`: the next that is planned and is not over. `unkept`: held ones without
    a logbook that should have one by now, the newest on `unkept_on`. `evening`, `evening_on`,
    `here`: the last one held and over, when it is not long ago, and how many were there.
    """

    @property
    def state(self) -> str: ...
    @property
    def workers(self) -> int: ...
    @property
    def worker_left_on(self) -> date | None: ...
    @property
    def seats(self) -> int: ...
    @property
    def taking_part(self) -> int: ...
    @property
    def seat_left_on(self) -> date | None: ...
    @property
    def met(self) -> bool: ...
    @property
    def last_on(self) -> date | None: ...
    @property
    def next_on(self) -> date | None: ...
    @property
    def unkept(self) -> int: ...
    @property
    def unkept_on(self) -> date | None: ...
    @property
    def evening(self) -> UUID | None: ...
    @property
    def evening_on(self) -> date | None: ...
    @property
    def here(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that asks attention. `mark` names the fact: who saw it has seen this mark only."""

    kind: TodoKind
    need: int
    mark: str


def begins(facts: GroupFacts) -> bool:
    """Just opened: nobody has a place and no evening was held. That asks nobody's attention."""
    return not facts.seats and not facts.met


def signs(facts: GroupFacts, day: date) -> list[Sign]:
    """What asks attention, the greatest need first: R-269, R-117, R-142, R-114, R-118."""
    found = []
    if facts.state != Group.State.CLOSED:
        if facts.workers < WORKERS:
            need = ONE_WORKER if facts.workers else NO_WORKER
            found.append(Sign(Kind.WORKERS, need, mark(facts.workers, facts.worker_left_on)))
        if facts.taking_part < SMALLEST_GROUP and not begins(facts):
            small = mark(facts.taking_part, facts.seat_left_on)
            found.append(Sign(Kind.SMALL_GROUP, YELLOW, small))
        if facts.unkept:
            found.append(Sign(Kind.NO_LOGBOOK, YELLOW, mark(facts.unkept, facts.unkept_on)))
        if facts.seats and is_hole(facts.last_on, facts.next_on, day):
            found.append(Sign(Kind.RHYTHM, WORTH_A_LOOK, mark(facts.last_on, facts.next_on)))
    if facts.here is not None and facts.here < SMALLEST_GROUP:
        found.append(Sign(Kind.SMALL_EVENING, WORTH_A_LOOK, mark(facts.here, facts.evening)))
    return found


def is_hole(last_on: date | None, next_on: date | None, day: date) -> bool:
    """More than three weeks since the last meeting, and none today."""
    return last_on is not None and day - last_on > TOO_LONG and next_on != day


def need(found: Collection[Sign], seen: Collection[str]) -> int:
    """The place of the group in the list; what somebody has `seen` (kinds) no longer counts."""
    left = [sign.need for sign in found if sign.kind not in seen]
    if left:
        return min(left)
    return SEEN if found else CALM


def mark(fact: int | date | None, what: date | UUID | None) -> str:
    """The count alone would come back: two workers, one, two and one again is another fact."""
    return f"{fact}:{what or ''}"
