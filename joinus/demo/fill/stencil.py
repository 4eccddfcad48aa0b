"""A block of rows cut once from model instances, and printed again and again with other keys.

Every key of a block begins with the same eight figures; a print puts other figures in their
place, so that a million people cost one replacement per block. What may not be alike is a `Slot`:
names, addresses, days of birth, and every sealed text, which opens with its own row's key only.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import models

from core.encryption import EncryptedTextField, seal

#: The first eight figures of the keys of a block, and of the row above it on the map.
GROUP, REGION, ORGANISATION = "f111f111", "f222f222", "f333f333"
#: The code of the block's municipality and its four digits, as they stand in the stencil.
MUNICIPALITY, PC4 = "@@GM@@", "@PC4"

_SLOT = re.compile("\x01([^\x02]*)\x02")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

#: What a slot holds in one print: (what, number) -> text.
Filling = Callable[[str, int], str]


@dataclass(frozen=True)
class Slot:
    """A value that differs from print to print: `what` of person `number`."""

    what: str
    number: int

    def __str__(self) -> str:
        return f"\x01{self.what}:{self.number}\x02"


@dataclass(frozen=True)
class Sheet:
    """The rows of one table: text between slots, and what belongs in each slot."""

    table: str
    columns: tuple[str, ...]
    rows: int
    literals: tuple[str, ...]
    slots: tuple[str, ...]

    def printed(self, marks: Sequence[tuple[str, str]], filling: Filling) -> bytes:
        """The rows in PostgreSQL's COPY format, every mark replaced."""
        if not self.slots:
            return _marked(self.literals[0], marks).encode()
        held = (_held(_marked(slot, marks), filling) for slot in self.slots)
        text = "".join(chain.from_iterable(zip(self.literals, (*held, ""), strict=True)))
        return _marked(text, marks).encode()


def cut(rows: Iterable[models.Model]) -> list[Sheet]:
    """Sheets of these instances, one a model, in the order in which the models first appear."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    return [_sheet(model, found) for model, found in by_model.items()]


def key(number: int, base: str = GROUP) -> UUID:
    """A key of version 7 that begins with the mark `base`."""
    return UUID(f"{base}-{number >> 48 & 0xFFFF:04x}-7000-8000-{number & 0xFFFFFFFFFFFF:012x}")


def _sheet(model: type[models.Model], rows: Sequence[models.Model]) -> Sheet:
    given = [f for f in model._meta.concrete_fields if not f.generated]
    fields = [f for f in given if not (f.primary_key and rows[0].pk is None)]
    lines = "".join("\t".join(_cell(row, f) for f in fields) + "\n" for row in rows)
    pieces = _SLOT.split(lines)
    columns = tuple(str(field.column) for field in fields)
    return Sheet(model._meta.db_table, columns, len(rows), tuple(pieces[::2]), tuple(pieces[1::2]))


def _cell(row: models.Model, field: Any) -> str:
    value = row.__dict__.get(field.attname)
    if value is None:
        return "\\N"
    if isinstance(value, Slot):
        return str(value)
    if isinstance(field, EncryptedTextField):
        return f"\x01sealed\x03{field.bound_to(row)}\x03{value}\x02" if value else "\\\\x"
    if isinstance(field, models.JSONField):
        return json.dumps(value).translate(_ESCAPES)
    return _text(value).translate(_ESCAPES)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, list):
        return "{" + ",".join(_text(part) for part in value) + "}"
    if isinstance(value, tuple):  # a half-open range of days
        first, until = value
        return f"[{first.isoformat()},{until.isoformat() if until else ''})"
    return str(value)


def _held(slot: str, filling: Filling) -> str:
    if slot.startswith("sealed\x03"):
        _, bound_to, text = slot.split("\x03")
        return f"\\\\x{seal(text, bound_to).hex()}"
    what, _, number = slot.partition(":")
    return filling(what, int(number))


def _marked(text: str, marks: Sequence[tuple[str, str]]) -> str:
    for mark, instead in marks:
        text = text.replace(mark, instead)
    return text
