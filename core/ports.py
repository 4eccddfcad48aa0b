"""How a lower floor reaches a higher one: ports. `joinus/wiring.py` names who answers each.

The lower app calls the port inside its own transaction. A port nobody answers is a start-up
error. The sweep `run_due` is the backstop of every one: facts decide, calls only hurry.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from core import clock
from core.accounts.actors import Actor, Viewer, is_participant
from core.facts import Asked, Facts, ask
from core.privacy import Person, Section

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Unanswered(Exception):
    """A floor asks a question and nobody was named to answer: a start-up error."""


class Port(Generic[P, R]):
    """A typed question to the floors above; each answer is asked in the wired order."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.why = why
        self._answers: list[Callable[P, R]] = []

    def answered_by(self, *answers: Callable[P, R]) -> None:
        """Replace the answers; called from `joinus.wiring` only (a proof says `answering`)."""
        self._answers = list(answers)

    @contextmanager
    def answering(self, *answers: Callable[P, R]) -> Iterator[None]:
        """These answers instead of the wired ones, until the context ends."""
        wired = self._answers
        self.answered_by(*answers)
        try:
            yield
        finally:
            self.answered_by(*wired)

    @property
    def is_answered(self) -> bool:
        return bool(self._answers)

    @property
    def answers(self) -> tuple[Callable[P, R], ...]:
        """Who answers, in the wired order."""
        return tuple(self._answers)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        if not self._answers:
            raise Unanswered(self.name)
        return [answer(*args, **kwargs) for answer in self._answers]


@dataclass(frozen=True)
class Consequence:
    """What a change would do, said before it is done: `text` is translated and names the wave."""

    trajectory_id: UUID
    kind: str  # opens | moves | withdraws
    text: str


class Place(StrEnum):
    """Where in the file: what to know before anything is done, what goes on now, what waits beside
    the to-dos, the strip of dates, the ways to other pages, and what is rare, or told once, under
    *Meer*."""

    FIRST = "first"
    NOW = "now"
    WAITS = "waits"
    STRIP = "strip"
    WAYS = "ways"
    MORE = "more"


@dataclass(frozen=True)
class Act:
    """What can be done about a stay: the three of the lowest order stand in the head of the file.

    The others stand under *Meer*, and so do the `rare` and final ones whatever their order.
    """

    label: str
    url: str
    order: int = 100
    rare: bool = False


@dataclass(frozen=True)
class Mark:
    """Something of a day, for a row of the strip. `row` is the row's name, `what` says it all."""

    day: date
    row: str
    what: str
    symbol: str


class TodoKind(StrEnum):
    """What kind of thing waits; every app lists its own. No word stands in two of the lists."""


TONES = {0: "needs", 1: "waits", 2: "info"}


@dataclass(frozen=True)
class Todo:
    """Something that waits for this user, computed from facts, never stored.

    kind and `about` (the row it hangs on; None where there can be only one) tell two apart.
    urgency: -1 on top until people settled it, 0 now, 1 today, 2 this week, 3 later. `action` is
    the one button's label; `post` tells that the button is a POST form to `url` rather than a
    link; `group_id` puts a to-do beside its group on the coordinator's page, `stay_id` names the
    stay it is about; `lasts`: closing that stay leaves it as it is.
    """

    kind: TodoKind
    urgency: int
    when: str
    title: str
    reason: str
    action: str
    url: str
    since: date | None = None
    post: bool = False
    group_id: UUID | None = None
    stay_id: UUID | None = None
    about: UUID | None = None
    lasts: bool = False

    @property
    def tone(self) -> str:
        """The colour of its chip."""
        return TONES.get(max(self.urgency, 0), "neutral")


@dataclass(frozen=True)
class Part(Generic[T]):
    """Facts, and what they say: a pure function of the rows and of who asks when."""

    facts: Facts[T]
    say: Callable[[list[T], Asked], list[Todo]]


def each(say: Callable[[T, Asked], Todo | None]) -> Callable[[list[T], Asked], list[Todo]]:
    """A rule about one row, for all rows."""

    def of_all(rows: list[T], asked: Asked) -> list[Todo]:
        return [todo for row in rows if (todo := say(row, asked)) is not None]

    return of_all


@dataclass(frozen=True)
class TodoRule:
    """One rule of what waits, with the kinds that it alone answers: who wants one kind asks one.

    `parts` are read together with those of all other rules, in one statement. `ask` is for what
    cannot be: a rule that reads by itself. `asks`: whether this user is asked at all. `own`: for
    young people about themselves; the other rules are for everybody else. `of_a_stay`: its to-dos
    name the stay they are about (`stay_id`).
    """

    kinds: tuple[TodoKind, ...]
    ask: Callable[[Any], list[Todo]] | None = None
    parts: tuple[Part[Any], ...] = ()
    asks: Callable[[Viewer], bool] = bool
    own: bool = False
    of_a_stay: bool = False

    def is_asked(self, user: Viewer, kinds: Collection[TodoKind] | None) -> bool:
        """`kinds`: of these only, None for all."""
        wanted = kinds is None or any(kind in kinds for kind in self.kinds)
        return wanted and self.own == is_participant(user) and self.asks(user)

    def said(self, asked: Asked, found: Mapping[Facts[Any], list[Any]]) -> list[Todo]:
        """What waits, by the facts that were found."""
        todos = [] if self.ask is None else [*self.ask(asked.user)]
        for part in self.parts:
            rows = found[part.facts]
            todos += part.say(rows, asked) if rows else []
        return todos

    def __call__(self, user: Viewer, kinds: Collection[TodoKind] | None) -> list[Todo]:
        """What waits for this user by this rule alone."""
        return todos_of([self], user, kinds)


def todos_of(
    rules: Sequence[TodoRule], user: Viewer, kinds: Collection[TodoKind] | None = None
) -> list[Todo]:
    """What these rules say, in their order; the facts of all of them in one statement."""
    return todos_and(rules, user, kinds)[0]


def todos_and(
    rules: Sequence[TodoRule],
    user: Viewer,
    kinds: Collection[TodoKind] | None = None,
    also: Sequence[Facts[Any]] = (),
) -> tuple[list[Todo], Mapping[Facts[Any], list[Any]]]:
    """As `todos_of`, with other facts for the same page, read in the same statement."""
    wanted = [rule for rule in rules if rule.is_asked(user, kinds)]
    asked = Asked(user, clock.now())
    found = ask(user, [*(part.facts for rule in wanted for part in rule.parts), *also])
    said = [todo for rule in wanted for todo in rule.said(asked, found)]
    return [todo for todo in said if kinds is None or todo.kind in kinds], found


@dataclass(frozen=True)
class Panel:
    """A piece of the participant's file drawn by the floor that knows it.

    A piece without a template only offers `acts`, or `marks` for the strip of dates.
    """

    template: str
    context: dict[str, Any]
    order: int = 100
    place: Place = Place.NOW
    acts: tuple[Act, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class TimeLineEntry:
    """Something that happened in a stay, for its group's workers: never shown to anybody else.

    `who` did it, `why` in their words; `correction`: it changes what was written down before.
    """

    at: date
    text: str
    kind: str
    who: str = ""
    why: str = ""
    correction: bool = False
    moment: datetime | None = None


@dataclass(frozen=True)
class Tries:
    """What somebody tries now, in the own words: the newest, and how many `more` there are."""

    text: str
    more: int


@dataclass(frozen=True)
class TalkAim:
    """What the next talk with somebody is for, in a line, and where what was said is noted."""

    text: str
    url: str
    label: str


class About(NamedTuple):
    """A message as `message_wanted` is asked about it: its subject, and the contact it is for."""

    subject: UUID
    to: UUID


trajectory_changed: Port[[Mapping[UUID, Collection[str]]], None] = Port(
    "trajectory_changed",
    "Facts of these stays changed: for each stay their names, which the floor below lists. Called "
    "once per action, at its end.",
)
cycle_preview: Port[[Collection[UUID]], Callable[[], list[Consequence]]] = Port(
    "cycle_preview",
    "An act stands on trial: look at these stays now. The answer is called once it was taken back, "
    "and says what it would open, move or withdraw.",
)
file_panels: Port[[Any, Viewer], list[Panel]] = Port(
    "file_panels", "Panels (trajectory, user) of the participant's file."
)
time_line: Port[[Any], list[TimeLineEntry]] = Port("time_line", "Entries of a stay's time line.")
talk_aims: Port[[Any, Collection[UUID]], Mapping[UUID, TalkAim]] = Port(
    "talk_aims",
    "The logbook of this meeting is open to who writes it: what is a talk with each of these stays "
    "for? Whoever asks has them in sight.",
)
todos: Port[[Viewer, Collection[TodoKind] | None], list[Todo]] = Port(
    "todos", "What waits for this user, of these kinds (None: of all)? Each answer is a TodoRule."
)
tries_now: Port[[Any, Viewer], Mapping[UUID, Tries]] = Port(
    "tries_now",
    "What does everybody of this group try now, by stay, as far as this user may follow it?",
)
follow_up_settled: Port[[Collection[UUID]], Collection[UUID]] = Port(
    "follow_up_settled", "Of which of these stays was the follow-up answered or missed?"
)
message_wanted: Port[[str, Collection[About]], set[About] | None] = Port(
    "message_wanted",
    "Re-check at send time, once for a whole batch: which messages of this kind are still wanted? "
    "None = not mine to say; whatever is missing in one answer does not leave.",
)
stops_at_once: Port[[], Collection[str]] = Port(
    "stops_at_once",
    "Of which kinds does nothing leave any more once the act that stopped it is committed? Their "
    "rows are locked, and `message_wanted` is asked of each once more, until it is handed over.",
)
export_person: Port[[Person, str], list[Section]] = Port(
    "export_person",
    "What do you know about this person? core.privacy.OWN: at once; REST: only on request (C-35).",
)
erase_person: Port[[Person, Actor], None] = Port(
    "erase_person",
    "Take this person out (who decided is given); counts stay. From the top floor down, so that "
    "each floor still finds what it hangs on. The stays are locked.",
)

ALL: tuple[Port[..., Any], ...] = (
    trajectory_changed,
    cycle_preview,
    file_panels,
    time_line,
    tries_now,
    talk_aims,
    todos,
    follow_up_settled,
    message_wanted,
    stops_at_once,
    export_person,
    erase_person,
)
