"""What stands on the thread of one stay. Pure: rows of plain values, read or made up in tests."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Seen:
    """An observation. `text`: the behaviour; `aim`: to understand, a chance, new behaviour."""

    key: UUID
    day: date
    text: str
    aim: str = ""
    before: str = ""
    pleasant: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thought:
    """A hypothesis. `name`: its mechanism in words; `ended`: what became of one that no longer
    stands, with its day in `until`; `grounds`: what it rests on; `agree`, `differ`: opinions."""

    key: UUID
    day: date
    name: str
    text: str
    until: date | None = None
    ended: str = ""
    outcome: str = ""
    outcome_on: date | None = None
    why: str = ""
    grounds: tuple[UUID, ...] = ()
    agree: int = 0
    differ: int = 0


@dataclass(frozen=True)
class Practised:
    """Once: how it was, in a word, and where."""

    day: date
    outcome: str
    inside: bool
    text: str = ""


@dataclass(frozen=True)
class Talked:
    """A talk about a challenge (R-168). `text`: how practising goes, `satisfied`: 0 to 10, `next`:
    what was chosen, in words. Each of them may be missing."""

    day: date
    text: str = ""
    satisfied: int | None = None
    next: str = ""


@dataclass(frozen=True)
class Tried:
    """A challenge, in the own words. `until`: its last day, None while it goes on; `rests_on`: the
    hypothesis a worker linked it to."""

    key: UUID
    day: date
    text: str
    until: date | None = None
    state: str = ""
    rests_on: UUID | None = None
    practised: tuple[Practised, ...] = ()
    talked: tuple[Talked, ...] = ()


@dataclass(frozen=True)
class Helped:
    """A support form at a meeting. `intensity`: 1 is the most intensive, None where none is
    printed; `how`: alone or in the group, by whom."""

    day: date
    name: str
    intensity: int | None = None
    how: str = ""


@dataclass(frozen=True)
class Told:
    """What the young person answered to one question, in the printed words. `place`: 0 to 1, where
    among the printed answers it stands; None for what is no answer."""

    day: date
    words: str
    wave: str
    place: float | None


@dataclass(frozen=True)
class Thread:
    """`since`: the first day in the group; `question`: what `told` answers; `asks_about`: the
    sub-scale that says most about what is thought."""

    since: date
    today: date
    seen: tuple[Seen, ...] = ()
    thought: tuple[Thought, ...] = ()
    tried: tuple[Tried, ...] = ()
    helped: tuple[Helped, ...] = ()
    told: tuple[Told, ...] = ()
    question: str = ""
    asks_about: str = ""

    @property
    def days(self) -> list[date]:
        """Every day something is of, in no order."""
        found = [one.day for rows in self._rows for one in rows]
        found += [one.until for one in self.thought if one.until]
        found += [one.until for one in self.tried if one.until]
        found += [note.day for one in self.tried for note in one.practised]
        return found + [talk.day for one in self.tried for talk in one.talked]

    @property
    def is_empty(self) -> bool:
        return not any(self._rows)

    @property
    def _rows(self) -> tuple[tuple[Seen | Thought | Tried | Helped | Told, ...], ...]:
        return (self.seen, self.thought, self.tried, self.helped, self.told)
