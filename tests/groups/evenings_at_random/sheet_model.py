"""What a sheet must say after whatever two workers did to it (R-130, R-131, R-378).

A row has a state, whose it is and how often it changed. A tap counts when its phone was looking at
what stands, or wishes what stands; else it is reported and changes nothing. The same tap again
changes nothing. Undo takes back the worker's own last act, and only where that still stands. It
imports nothing of the project: a second opinion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOBODY = "not_recorded"
HERE = "present"
STATES = (NOBODY, HERE, "absent_with_notice", "absent_without_notice")
#: So many days the youth workers correct; then it is the coordinator's alone.
CORRECTED = 30


@dataclass(frozen=True)
class Tap:
    id: Any
    who: str
    state: str
    base: int
    act: Any


@dataclass
class Row:
    state: str = NOBODY
    by: str = ""
    version: int = 0
    left: bool = False


@dataclass
class Did:
    """Something that can be taken back. `kind`: tap, guests, visitor or left."""

    order: tuple[datetime, str]
    act: Any
    kind: str
    who: str = ""
    before: Any = None
    after: Any = None
    undone: bool = False


@dataclass
class Person:
    """`counts`: an evening here counts for the questionnaires (a place for good, every yes)."""

    on_sheet: bool = True
    counts: bool = True
    told_us: bool = False


@dataclass
class Answer:
    outcome: str
    state: str | None = None
    version: int | None = None


@dataclass
class Sheet:
    day: date
    people: dict[str, Person]
    rows: dict[str, Row] = field(default_factory=dict)
    guests: int = 0
    visitors: set[str] = field(default_factory=set)
    cancelled: bool = False
    closed: bool = False
    receipts: dict[Any, tuple[str, str, str]] = field(default_factory=dict)
    done: dict[str, list[Did]] = field(default_factory=dict)
    acts: set[Any] = field(default_factory=set)
    count: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rows = {name: Row() for name in self.people}

    # -- what time it is ---------------------------------------------------------------------

    def _four(self, days: int = 0) -> datetime:
        return datetime.combine(self.day + timedelta(days=days + 1), time(4), tzinfo=AMSTERDAM)

    def is_late(self, now: datetime) -> bool:
        """Past four in the night a change is a correction (C-44)."""
        return now >= self._four()

    def is_settled(self, now: datetime) -> bool:
        return now >= self._four(CORRECTED)

    # -- what stands -------------------------------------------------------------------------

    @property
    def held(self) -> bool:
        return any(row.state != NOBODY for row in self.rows.values())

    def counted(self, who: str) -> bool:
        """Does this evening count for the questionnaires of this person?"""
        person = self.people[who]
        here = self.rows[who].state == HERE
        return here and self.held and not self.cancelled and person.counts

    # -- taps --------------------------------------------------------------------------------

    def queue(self, now: datetime, by: str, taps: Sequence[Tap]) -> list[Answer]:
        """What a phone sent, tap by tap, in its order."""
        answers, stopped = [], set[str]()
        for tap in taps:
            answer = self._one(now, by, tap, stopped)
            if answer.outcome not in ("saved", "already"):
                stopped.add(tap.who)
            self.count[answer.outcome] += 1
            answers.append(answer)
        return answers

    def _one(self, now: datetime, by: str, tap: Tap, stopped: set[str]) -> Answer:
        row = self.rows[tap.who]
        on_it = self.people[tap.who].on_sheet
        if tap.who in stopped and on_it:
            return self._stands("stale", row)
        mine = self.receipts.get(tap.id) == (by, tap.who, tap.state)
        late = self.is_late(now) and row.state not in (NOBODY, tap.state)
        if on_it and late and not mine:
            return self._stands("late", row)
        if self.cancelled or not on_it or (tap.id in self.receipts and not mine):
            return Answer("refused")
        if mine or row.state == tap.state:
            return self._stands("already", row)
        if row.version != tap.base:
            return self._stands("stale", row)
        self._write(now, by, tap)
        return self._stands("saved", row)

    @staticmethod
    def _stands(outcome: str, row: Row) -> Answer:
        return Answer(outcome, row.state, row.version)

    def _write(self, now: datetime, by: str, tap: Tap) -> None:
        row = self.rows[tap.who]
        did = Did((now, str(tap.act)), tap.act, "tap", tap.who, (row.state, row.by), tap.state)
        self.done.setdefault(by, []).append(did)
        self.receipts[tap.id] = (by, tap.who, tap.state)
        row.state, row.by, row.version = tap.state, by, row.version + 1

    def tap(self, now: datetime, by: str, tap: Tap, *, coordinator: bool = False) -> str:
        """One tap on the page: saved, stale, or no. Late it was asked first and confirmed."""
        row = self.rows[tap.who]
        if not self.people[tap.who].on_sheet or self.cancelled:
            return "no"
        if coordinator != self.is_settled(now) and (coordinator or self._changes(row, tap, by)):
            return "no"
        if self.receipts.get(tap.id) == (by, tap.who, tap.state) or row.state == tap.state:
            return "saved"
        if row.version != tap.base:
            return "stale"
        if self.is_late(now) and row.state != NOBODY:
            self.count["corrections"] += 1
        self._write(now, by, tap)
        return "saved"

    def _changes(self, row: Row, tap: Tap, by: str) -> bool:
        mine = self.receipts.get(tap.id) == (by, tap.who, tap.state)
        return row.state not in (NOBODY, tap.state) and not mine

    def everyone(self, now: datetime, by: str, act: Any) -> str:
        """Who is not written down is here; who told us beforehand told us."""
        if self.cancelled:
            return "no"
        if act in self.acts:
            return "saved"
        self.acts.add(act)
        for name, person in self.people.items():
            if person.on_sheet and self.rows[name].state == NOBODY:
                state = "absent_with_notice" if person.told_us else HERE
                self._write(now, by, Tap((act, name), name, state, 0, act))
        self.count["everyone"] += 1
        return "saved"

    # -- beside the rows ---------------------------------------------------------------------

    def _may(self, now: datetime) -> bool:
        return not self.cancelled and not self.is_settled(now)

    def guest(self, now: datetime, by: str, act: Any, change: int) -> str:
        if not self._may(now):
            return "no"
        if act not in self.acts and self.guests + change >= 0:
            self.guests += change
            self._did(now, by, act, "guests", after=change)
        return "saved"

    def walk_in(self, now: datetime, by: str, act: Any, name: str) -> str:
        if not self._may(now):
            return "no"
        if act not in self.acts and name not in self.visitors:
            self.visitors.add(name)
            self._did(now, by, act, "visitor", name, after=True)
        return "saved"

    def walk_out(self, now: datetime, by: str, act: Any, name: str) -> str:
        if not self._may(now):
            return "no"
        if act not in self.acts and name in self.visitors:
            self.visitors.discard(name)
            self._did(now, by, act, "visitor", name, after=False)
        return "saved"

    def leaves_early(self, now: datetime, by: str, act: Any, name: str, left: bool) -> str:
        row = self.rows[name]
        if not self._may(now):
            return "no"
        if act in self.acts:
            return "saved"
        if self.is_late(now) or row.state != HERE:
            return "no"
        if row.left != left:
            self._did(now, by, act, "left", name, before=row.left, after=left)
            row.left = left
        return "saved"

    def _did(
        self,
        now: datetime,
        by: str,
        act: Any,
        kind: str,
        who: str = "",
        before: Any = None,
        after: Any = None,
    ) -> None:
        self.acts.add(act)
        self.count[kind] += 1
        self.done.setdefault(by, []).append(Did((now, str(act)), act, kind, who, before, after))

    # -- undo --------------------------------------------------------------------------------

    def undo(self, now: datetime, by: str, act: Any) -> str:
        """The own last act: saved, stale where somebody else's value stands by now, or no."""
        if self.is_late(now) or self.cancelled:
            return "no"
        mine = [did for did in self.done.get(by, ()) if not did.undone]
        if act in self.acts or not mine:
            return "saved"
        newest = max(mine, key=lambda did: did.order)
        of_act = [did for did in mine if did.act == newest.act and did.kind == newest.kind]
        self.acts.add(act)
        self.count["undone"] += 1
        stale = [self._back(did, by) for did in of_act]
        for did in of_act:
            did.undone = True
        return "stale" if any(stale) else "saved"

    def _back(self, did: Did, by: str) -> bool:
        if did.kind == "guests":
            self.guests = max(0, self.guests - did.after)
        elif did.kind == "visitor":
            (self.visitors.discard if did.after else self.visitors.add)(did.who)
        elif did.kind == "left":
            if not self._said_since(did):
                self.rows[did.who].left = did.before
        else:
            row = self.rows[did.who]
            if (row.state, row.by) == (did.after, by):
                row.state, row.by = did.before
                row.version += 1
            elif row.state != did.before[0]:
                self.count["undo met a colleague"] += 1
                return True
        return False

    def _said_since(self, did: Did) -> bool:
        everybody = (one for done in self.done.values() for one in done)
        return any(
            one.kind == "left" and one.who == did.who and not one.undone and one.order > did.order
            for one in everybody
        )

    # -- the evening itself ------------------------------------------------------------------

    def cancel(self) -> str:
        if self.held and not self.cancelled:
            return "no"
        self.cancelled, self.closed = True, False
        return "saved"

    def goes_ahead(self) -> str:
        self.cancelled = False
        return "saved"

    def close(self, now: datetime, begun: bool) -> str:
        if self.cancelled or not begun or (self.is_late(now) and not self.closed):
            return "no"
        self.closed = True
        return "saved"

    def open_again(self, now: datetime) -> str:
        if self.closed and self.is_late(now):
            return "no"
        self.closed = False
        return "saved"
