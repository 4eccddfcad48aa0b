"""Who was erased, in a file outside the database, so that a restored backup erases them again.

One JSON line per erasure: a keyed hash of the person's number (no name, no number), the moment,
the key it was made with, and a signature over the line and the one before it. Lines are only
added; a line that was changed, moved or taken out of the middle is found when the file is read.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

from core import clock
from core.encryption import keyed_hash, newest_key_id

FIRST = ""


class Tampered(Exception):
    """The file of erasures is not as it was written; the number of the line is given."""


@dataclass(frozen=True)
class Erased:
    """A person by pseudonym; compare with `pseudonym(id, key_id)`."""

    pseudonym: str
    key_id: int
    at: datetime


def pseudonym(person_id: UUID, key_id: int | None = None) -> str:
    return keyed_hash(str(person_id), "erased person", key_id).hex()


def write_down(person_id: UUID) -> None:
    """Add one line and bring it to the disk. Called last in the erasing transaction: when the
    line cannot be written, nothing is erased; when the commit fails, somebody who is to be erased
    stands in the file too early, which harms nobody."""
    path = Path(settings.ERASURES_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        key_id = newest_key_id()
        line = {
            "person": pseudonym(person_id, key_id),
            "key": key_id,
            "at": clock.now().isoformat(),
        }
        before = _last_signature(file)
        line["signature"] = _sign(line, before, key_id)
        file.seek(0, os.SEEK_END)
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read() -> list[Erased]:
    """Everybody in the file; [] when there is none. Raises Tampered."""
    path = Path(settings.ERASURES_FILE)
    if not path.exists():
        return []
    with path.open() as file:
        return list(_verified(file))


def _verified(file: IO[str]) -> Iterator[Erased]:
    before = FIRST
    for number, text in enumerate(file, 1):
        try:
            line = json.loads(text)
            signature = line.pop("signature")
            good = signature == _sign(line, before, line["key"])
        except (ValueError, KeyError, TypeError, AttributeError):
            good = False
        if not good:
            raise Tampered(f"line {number}")
        yield Erased(line["person"], line["key"], datetime.fromisoformat(line["at"]))
        before = signature


def _last_signature(file: IO[str]) -> str:
    file.seek(0)
    last = FIRST
    for text in file:
        last = json.loads(text)["signature"]
    return last


def _sign(line: dict[str, object], before: str, key_id: int) -> str:
    body = json.dumps({k: line[k] for k in ("person", "key", "at")}, sort_keys=True)
    return keyed_hash(before + body, "line of erasures", key_id).hex()
