"""Timed lines that were written on a phone without a connection.

The words lie sealed on the phone. Its key belongs to one worker and one evening, comes with
tonight's names and goes with them at 04:00 (static/js/evening_store.js); from then on only we can
open what was not sent yet, when that same worker is signed in. So no word of a crisis is lost, and
none can be read on a phone that lies around (trust.md 13, R-339).
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.encryption import CannotOpen, keyed_hash, newest_key_id
from core.errors import RuleBroken
from groups.models import Meeting, TimedLine
from groups.sheet.sync import STATUS, Outcome
from groups.sheet.timed_lines import write_line

log = structlog.get_logger(__name__)
NONCE = 12
OUTCOMES = (Outcome.SAVED, Outcome.ALREADY, Outcome.REFUSED)


class Sealed(NamedTuple):
    """One line as it waited; `at`: when it was written, by the clock of the phone."""

    client_id: UUID
    at: datetime
    sealed: str


@dataclass
class Written:
    """What became of one line."""

    client_id: UUID
    outcome: Outcome

    @property
    def http(self) -> int:
        return STATUS[self.outcome]


def written_at(meeting_id: UUID, lines: Sequence[Sealed], by: User) -> Meeting | None:
    """The evening at which this worker wrote these lines, also when the role there has ended since:
    only who had the sheet of that evening was given the key. None when one does not open."""
    meeting = Meeting.objects.filter(pk=meeting_id).first()
    if meeting is None or not lines:
        return None
    try:
        for line in lines:
            open_line(sealed=line.sealed, meeting=meeting, client_id=line.client_id, by=by)
    except RuleBroken:
        return None
    return meeting


def write_sealed(*, meeting: Meeting, lines: Sequence[Sealed], by: User) -> list[Written]:
    """Write down what can be opened; one answer for each line, in their order."""
    return [_write(meeting, line, by) for line in lines]


def _write(meeting: Meeting, line: Sealed, by: User) -> Written:
    stood = TimedLine.objects.filter(client_id=line.client_id).exists()
    try:
        text = open_line(sealed=line.sealed, meeting=meeting, client_id=line.client_id, by=by)
        at = happened_at(meeting, line.at, clock.now())
        write_line(meeting=meeting, client_id=line.client_id, by=by, text=text, at=at)
    except RuleBroken as broken:
        log.warning("line_not_written", meeting=str(meeting.pk), code=broken.code)
        return Written(line.client_id, Outcome.REFUSED)
    return Written(line.client_id, Outcome.ALREADY if stood else Outcome.SAVED)


def key_of(user: User, meeting: Meeting) -> str:
    """`id:key`, for the phone; the id of the house's key stands before what it seals as well."""
    key_id = newest_key_id()
    return f"{key_id}:{b64encode(_key(user, meeting, key_id)).decode()}"


def open_line(*, sealed: str, meeting: Meeting, client_id: UUID, by: User) -> str:
    """The words. Raises RuleBroken: cannot_open (another's, of another evening, torn)."""
    key_id, _colon, box = sealed.partition(":")
    try:
        found = b64decode(box, validate=True)
        key = _key(by, meeting, int(key_id))
        words = AESGCM(key).decrypt(found[:NONCE], found[NONCE:], str(client_id).encode())
        text = words.decode()
    except (CannotOpen, InvalidTag, NotBase64, ValueError) as wrong:
        raise RuleBroken(_("This line cannot be read any more."), "cannot_open") from wrong
    return text.replace("\x00", "")


def happened_at(meeting: Meeting, told: datetime, now: datetime) -> datetime:
    """When it was written, by the clock of the phone set right with ours; what cannot be (before
    the day of the meeting, or still to come) is the moment at which it arrived."""
    return told if clock.at(meeting.date) <= told <= now else now


def _key(user: User, meeting: Meeting, key_id: int) -> bytes:
    return keyed_hash(f"{user.pk}:{meeting.pk}", "lines of", key_id)
