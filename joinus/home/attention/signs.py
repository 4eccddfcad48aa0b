"""What asks attention in a group: a pure rule of its facts and a day, without a database.

The same rule stands as SQL in `joinus.home.attention.statement`, so that a page of fifty out of
ten thousand groups is put in order where the rows are; a test over made-up facts holds the two
together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.organisations.models import SMALLEST_GROUP, Group
from core.ports import TodoKind
from groups.todo_kinds import Kind as InGroup
from joinus.home.attention.todo_kinds import Kind

WORKERS = 2
LONG_WAIT = timedelta(days=14)
#: The kinds that follow from the facts of a group, the first that is looked at first.
KINDS: tuple[TodoKind, ...] = (
    Kind.WORKERS,
    Kind.WAITING_LIST,
    InGroup.SMALL_GROUP,
    InGroup.NO_LOGBOOK,
    InGroup.SMALL_EVENING,
)
#: How much a group needs somebody: what it is asked for most, nothing, or only what was seen.
NO_WORKER, ONE_WORKER, YELLOW, WORTH_A_LOOK, CALM, SEEN = range(6)


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group in figures: counts and days, never a person. A day that is not there is None.

    `workers`: youth workers in force, `worker_left_on` the last day of who left last. `seats`:
    open placements, `taking_part` those after the trial, `seat_left_on` the last day of who had
    one and left last. `waiting` on the list, the `oldest` since. `held` of `past` evenings and
    `present` of `expected` people: the last weeks. `met`: an evening was ever held; `evening`,
    `evening_on`, `here`: the last one that is over, when it is not long ago. `unkept`: held ones
    without a logbook that should have one by now, the newest on `unkept_on`. `answered` of
    `asked`: waves of the questionnaire.
    """

    id: UUID
    name: str
    region_id: UUID
    organisation_id: UUID
    organisation: str
    state: str
    capacity: int
    places_taken: int
    workers: int
    worker_left_on: date | None
    seats: int
    taking_part: int
    seat_left_on: date | None
    waiting: int
    oldest: date | None
    held: int
    past: int
    met: bool
    present: int
    expected: int
    evening: UUID | None
    evening_on: date | None
    here: int | None
    unkept: int
    unkept_on: date | None
    answered: int
    asked: int

    @property
    def attendance(self) -> int | None:
        return round(100 * self.present / self.expected) if self.expected else None

    @property
    def response(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.asked else None

    @property
    def begins(self) -> bool:
        """Just opened: nobody has a place and no evening was held. That asks nobody's attention."""
        return not self.seats and not self.met


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that asks attention. `mark` names the fact: who saw it has seen this mark only."""

    kind: TodoKind
    need: int
    mark: str


def signs(facts: GroupFacts, day: date) -> list[Sign]:
    """What asks attention in this group, the greatest need first: R-269, R-045, R-117, R-142,
    R-118."""
    closed = facts.state == Group.State.CLOSED
    found = []
    if not closed and facts.workers < WORKERS:
        need = ONE_WORKER if facts.workers else NO_WORKER
        found.append(Sign(Kind.WORKERS, need, _mark(facts.workers, facts.worker_left_on)))
    if not closed and facts.oldest is not None and facts.oldest <= day - LONG_WAIT:
        found.append(Sign(Kind.WAITING_LIST, YELLOW, _mark(facts.waiting, facts.oldest)))
    if not closed and facts.taking_part < SMALLEST_GROUP and not facts.begins:
        mark = _mark(facts.taking_part, facts.seat_left_on)
        found.append(Sign(InGroup.SMALL_GROUP, YELLOW, mark))
    if not closed and facts.unkept:
        found.append(Sign(InGroup.NO_LOGBOOK, YELLOW, _mark(facts.unkept, facts.unkept_on)))
    if facts.here is not None and facts.here < SMALLEST_GROUP:
        found.append(Sign(InGroup.SMALL_EVENING, WORTH_A_LOOK, _mark(facts.here, facts.evening)))
    return found


def need(found: Collection[Sign], seen: Collection[str]) -> int:
    """The place of the group in the list; what somebody has `seen` (kinds) no longer counts."""
    left = [sign.need for sign in found if sign.kind not in seen]
    if left:
        return min(left)
    return SEEN if found else CALM


def _mark(count: int, what: date | UUID | None) -> str:
    """The count alone would come back: two workers, one, two and one again is another fact."""
    return f"{count}:{what or ''}"
