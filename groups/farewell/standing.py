"""How a farewell card stands: who was asked, who wrote, and what is still to be read (R-184).

Pure: lines in, counts out. `groups.farewell.authors` says who is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from groups.models import FarewellText

Way = FarewellText.Way


class Standing(StrEnum):
    """Of one author. BACK: a worker asked for other words; those of before are not used."""

    NOTHING = "nothing"
    TO_READ = "to_read"
    BACK = "back"
    ON_THE_CARD = "on_the_card"
    PEN = "pen"
    PASSES = "passes"


SETTLED = frozenset({Standing.ON_THE_CARD, Standing.PEN, Standing.PASSES})
#: Who may still write on the phone that goes round: nobody opens what was written already.
STILL_WRITES = frozenset({Standing.NOTHING, Standing.BACK})


def standing_of(text: FarewellText | None) -> Standing:
    if text is None:
        return Standing.NOTHING
    if text.way == Way.PEN:
        return Standing.PEN
    if text.way == Way.PASS:
        return Standing.PASSES
    if text.sent_back_at is not None:
        return Standing.BACK
    return Standing.TO_READ if text.read_at is None else Standing.ON_THE_CARD


@dataclass(frozen=True)
class Author:
    """Who may write: a participant (`stay`) or a youth worker (`worker`), never both.

    `name` is what workers tell people apart by; young people, and the card itself, read what
    somebody is `called` (R-343).
    """

    name: str
    called: str
    stay: UUID | None = None
    worker: UUID | None = None
    person: UUID | None = None


@dataclass(frozen=True)
class Line:
    """One author and what stands of theirs."""

    author: Author
    text: FarewellText | None

    @property
    def standing(self) -> Standing:
        return standing_of(self.text)

    @property
    def is_settled(self) -> bool:
        return self.standing in SETTLED

    @property
    def words(self) -> str:
        """What others read of it on the card: nothing that was put aside, or is not read yet."""
        return self.text.text if self.text and self.standing == Standing.ON_THE_CARD else ""

    def for_young_people(self) -> "Line":
        """With the name that they read."""
        return replace(self, author=replace(self.author, name=self.author.called))


@dataclass(frozen=True)
class Progress:
    """Of a whole card. `wrote`: whose part is in, also when it is still to be read."""

    asked: int
    wrote: int
    to_read: int
    on_the_card: int
    with_pen: int
    missing: int

    @property
    def is_complete(self) -> bool:
        """Everybody who was asked is settled, and nothing waits to be read."""
        return self.missing == 0 and self.to_read == 0 and self.circles > 0

    @property
    def circles(self) -> int:
        return self.on_the_card + self.with_pen

    @property
    def is_bare(self) -> bool:
        """One text, or none: that card is warned of."""
        return self.circles <= 1


def progress_of(lines: Sequence[Line]) -> Progress:
    found = [line.standing for line in lines]
    missing = sum(one in STILL_WRITES for one in found)
    return Progress(
        asked=len(found),
        wrote=len(found) - missing,
        to_read=found.count(Standing.TO_READ),
        on_the_card=found.count(Standing.ON_THE_CARD),
        with_pen=found.count(Standing.PEN),
        missing=missing,
    )


def may_be_given(*, last_starts_at: datetime | None, has_left: bool, now: datetime) -> bool:
    """Never seen early: from the start of the agreed last meeting, or once somebody has left."""
    return has_left or (last_starts_at is not None and last_starts_at <= now)
