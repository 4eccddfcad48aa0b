"""An evening's sheet in memory: a row for each person, and what is counted of them. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any
from uuid import UUID

from core import clock
from core.ids import uuid7
from groups.evenings.over import is_closed, is_settled, is_to_come
from groups.models import Meeting
from groups.models.moments import is_over, is_tonight
from groups.sheet.attendance import NEXT, Conflict, State
from groups.sheet.not_arrived import Call
from groups.sheet.visitors import Seen
from groups.sheet.whereabouts import Away
from participants.consent import needed as consent


@dataclass(frozen=True)
class Corrected:
    """What stands in a row was changed after the day of its evening."""

    at: datetime
    by_name: str


#: Of a row: what belongs to the page it was drawn on, not to the person.
OWN_OF_A_PAGE = ("client_id", "conflict")


@dataclass(frozen=True)
class Row:
    """One person of the sheet. `note`: trial, blocked, leaving, paused or nothing.

    `correction`: recorded, and the evening's day is over; it is changed on a page of its own.
    `name_only`: this worker stays out of the person's stay and sees the name and the state.
    `to_write_about`: has a place here now, nothing to arrange first, and the sheet opened.
    `left_at`: went home early. `corrected`: by whom and when it was corrected later.
    """

    trajectory_id: UUID
    name: str
    state: str
    version: int
    note: str
    why_blocked: str
    told: bool
    correction: bool
    last_evening: bool = False
    at_the_door: bool = False
    name_only: bool = False
    to_write_about: bool = False
    by_name: str = ""
    saved_at: datetime | None = None
    left_at: datetime | None = None
    corrected: Corrected | None = None
    conflict: Conflict | None = None
    call: Call | None = None
    client_id: UUID = field(default_factory=uuid7)

    @cached_property
    def mark(self) -> str:
        """Another one when the row says something else."""
        said = [getattr(self, one.name) for one in fields(self) if one.name not in OWN_OF_A_PAGE]
        return _mark(said)

    @property
    def next_state(self) -> str:
        """One tap further; who told us beforehand is proposed as such."""
        if self.state == State.NOT_RECORDED and self.told:
            return str(State.WITH_NOTICE)
        return str(NEXT[self.state])

    @property
    def quick_state(self) -> str:
        """The second target of a row: the exception that is likely from here, in one tap."""
        likely_away = self.state in (State.NOT_RECORDED, State.PRESENT) and not self.proposed
        return str(State.WITHOUT_NOTICE if likely_away else State.PRESENT)

    @property
    def why_blocked_text(self) -> str:
        """Why taking part waits, in words; only on the page behind the name."""
        return str(consent.WHY.get(self.why_blocked, ""))

    @property
    def proposed(self) -> bool:
        return self.told and self.state == State.NOT_RECORDED


@dataclass(frozen=True)
class Saved:
    """The quiet line at the bottom: who was saved last, when, by whom. No name: several people."""

    at: datetime
    name: str
    by_name: str


@dataclass(frozen=True)
class Evening:
    """Everything on the page; a fixed number of queries whatever the group's size.

    `asks_first`: its sheet opens later today, and nobody said here that it is filled in now.
    """

    meeting: Meeting
    rows: list[Row]
    saved: Saved | None
    can_undo: bool
    writable: bool
    may_correct: bool = False
    visitors: tuple[Seen, ...] = ()
    away: Away | None = None
    asks_first: bool = False
    closed_by_name: str = ""
    act_id: UUID = field(default_factory=uuid7)
    undo_id: UUID = field(default_factory=uuid7)

    @property
    def guests(self) -> int:
        """Everybody without a place: visitors, and who has no name here."""
        return self.meeting.guests + len(self.visitors)

    @property
    def is_written(self) -> bool:
        """Somebody was written down, a visitor or a guest counted."""
        return bool(self.open < len(self.rows) or self.guests)

    @property
    def is_settled(self) -> bool:
        """The youth workers no longer change what was written down (R-131)."""
        return is_settled(self.meeting.date, clock.now())

    @property
    def is_live(self) -> bool:
        """Others may write on it at this moment: what they do appears by itself."""
        return not (self.is_past or self.is_to_come)

    @cached_property
    def mark(self) -> str:
        """Another one when anything on the sheet is."""
        evening = (self.meeting.status, self.meeting.guests, self.meeting.closed_at)
        marks = [row.mark for row in self.rows]
        return _mark([*marks, *evening, self.visitors, self.away, self.saved, self.can_undo])

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(row.state for row in self.rows)

    @property
    def here(self) -> int:
        return self.counts[State.PRESENT]

    @property
    def told_us(self) -> int:
        return self.counts[State.WITH_NOTICE]

    @property
    def not_here(self) -> int:
        return self.counts[State.WITHOUT_NOTICE]

    @property
    def open(self) -> int:
        return self.counts[State.NOT_RECORDED]

    @property
    def proposed(self) -> int:
        """Rows that *everyone is here* takes over as told us."""
        return sum(row.proposed for row in self.rows)

    @property
    def would_be_here(self) -> int:
        return self.open - self.proposed

    @property
    def is_past(self) -> bool:
        return is_closed(self.meeting.date, clock.now())

    @property
    def is_to_come(self) -> bool:
        return is_to_come(self.meeting, clock.now())

    @property
    def is_over(self) -> bool:
        return is_over(self.meeting, clock.now())

    @property
    def is_tonight(self) -> bool:
        return is_tonight(self.meeting, clock.now())

    @property
    def takes_taps(self) -> bool:
        """A row can be tapped now: its day has begun, and it was not cancelled."""
        off = self.meeting.status == Meeting.Status.CANCELLED
        return self.writable and not (self.is_to_come or self.asks_first or off)

    @property
    def may_close(self) -> bool:
        """From its beginning until its sheet's day ends: *Bijeenkomst afsluiten*, or back."""
        begun = self.meeting.starts_at <= clock.now()
        return begun and not self.is_past and self.meeting.status != Meeting.Status.CANCELLED

    @property
    def saved_at(self) -> str:
        """When the last tap was saved, in microseconds: a later sheet has a higher number."""
        return f"{self.saved.at.timestamp() * 1_000_000:.0f}" if self.saved else "0"

    def row(self, trajectory_id: UUID) -> Row | None:
        return next((row for row in self.rows if row.trajectory_id == trajectory_id), None)


def _mark(said: Sequence[Any]) -> str:
    return blake2b(repr(said).encode(), digest_size=9).hexdigest()
