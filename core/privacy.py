"""What every floor says about one person: by ids only, answered through the ports.

Each app has a room `privacy.py`: `HOLDS` names its models that hold personal data and what
becomes of them, `export_person` gives them out, `erase_person` takes the person out of them and
leaves the counts. A model that nobody names fails tests/privacy/test_listing.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import clock

#: Stands where a name was.
NO_NAME: Final = "–"

#: Given at once, to the person alone.
OWN: Final = "own"
#: Only on request: checked for third persons and read together (C-35).
REST: Final = "rest"


@dataclass(frozen=True)
class Person:
    """Somebody whose data are asked for, or taken out, everywhere.

    `contact_id` is the own address, `contact_ids` that and those of the parents. `subject_ids`:
    what messages were about; each floor adds its own before the messages are wiped.
    """

    participant_id: UUID
    trajectory_ids: tuple[UUID, ...]
    contact_id: UUID
    contact_ids: tuple[UUID, ...]
    user_id: UUID | None = None
    subject_ids: set[UUID] = field(default_factory=set)


@dataclass(frozen=True)
class Fact:
    """One thing we know: a key to find it by in code, a label and a value for people."""

    key: str
    label: str
    value: Any

    @property
    def text(self) -> str:
        """For reading."""
        if self.value is None or self.value == "":
            return ""
        if isinstance(self.value, bool):
            return _("yes") if self.value else _("no")
        if isinstance(self.value, datetime):
            return date_format(clock.local(self.value), "j F Y, H:i")
        if isinstance(self.value, date):
            return date_format(self.value, "j F Y")
        return str(self.value)

    @property
    def plain(self) -> Any:
        """For a machine: ISO dates, and text as text."""
        if isinstance(self.value, datetime):
            return clock.local(self.value).isoformat()
        if isinstance(self.value, date):
            return self.value.isoformat()
        if isinstance(self.value, Promise):
            return str(self.value)
        return self.value


@dataclass(frozen=True)
class Section:
    """A heading of the package and its entries; each entry is a few facts."""

    key: str
    title: str
    entries: list[list[Fact]]
    order: int = 100

    @property
    def told(self) -> list[list[Fact]]:
        """For reading: what is empty is left out."""
        full = ([fact for fact in entry if fact.text] for entry in self.entries)
        return [entry for entry in full if entry]

    @property
    def is_list(self) -> bool:
        """Several short entries that read without their labels: one line each."""
        told = self.told
        return len(told) > 1 and all(
            len(entry) <= 3 and not any(isinstance(f.value, bool) for f in entry) for entry in told
        )


@dataclass(frozen=True)
class Expired:
    """How many records of a class are past their term, and the act that lets them go."""

    record_class: str
    count: int
    go: Callable[[], int]


def as_json(sections: Iterable[Section]) -> dict[str, list[dict[str, Any]]]:
    """For a machine, under the words that a person reads: no key of ours stands in the file."""
    told: dict[str, list[dict[str, Any]]] = {}
    for section in sections:
        told.setdefault(str(section.title), []).extend(map(_named, section.entries))
    return told


def _named(entry: Iterable[Fact]) -> dict[str, Any]:
    """Two facts of one entry with the same label both stay: the second is numbered."""
    named: dict[str, Any] = {}
    for fact in entry:
        times = 1
        label = str(fact.label)
        while label in named:
            times += 1
            label = f"{fact.label} ({times})"
        named[label] = fact.plain
    return named
