"""What asks attention in a group: a pure rule of its facts and a day, without a database.

The same rule stands as SQL in `joinus.home.attention.statement`, so that a page of fifty out of
ten thousand groups is put in order where the rows are; a test over made-up facts holds the two
together.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.organisations.models import Group
from core.ports import TodoKind
from groups.health import signs as of_a_group
from groups.health.signs import YELLOW, Sign, mark
from groups.todo_kinds import Kind as InGroup
from joinus.home.attention.todo_kinds import Kind

LONG_WAIT = timedelta(days=14)
#: The kinds that follow from the facts of a group, the first that is looked at first.
KINDS: tuple[TodoKind, ...] = (
    InGroup.WORKERS,
    Kind.WAITING_LIST,
    InGroup.SMALL_GROUP,
    InGroup.NO_LOGBOOK,
    InGroup.RHYTHM,
    InGroup.SMALL_EVENING,
)


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group in figures: counts and days, never a person. A day that is not there is None.

    `workers`: youth workers in force, `worker_left_on` the last day of who left last. `seats`:
    open placements, `taking_part` those after the trial, `seat_left_on` the last day of who had
    one and left last. `waiting` on the list, the `oldest` since. `held` of `past` evenings and
    `present` of `expected` people: the last weeks. `answered` of `asked`: waves of the
    questionnaire. The others: `groups.health.signs.GroupFacts`.
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
    last_on: date | None
    next_on: date | None
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
        return of_a_group.begins(self)


def signs(facts: GroupFacts, day: date) -> list[Sign]:
    """What asks attention in this group, the greatest need first: what it asks by itself
    (`groups.health.signs`), and a waiting list of two weeks (R-045)."""
    found = of_a_group.signs(facts, day)
    long_ago = facts.oldest is not None and facts.oldest <= day - LONG_WAIT
    if long_ago and facts.state != Group.State.CLOSED:
        found.append(Sign(Kind.WAITING_LIST, YELLOW, mark(facts.waiting, facts.oldest)))
    return sorted(found, key=lambda sign: (sign.need, KINDS.index(sign.kind)))
