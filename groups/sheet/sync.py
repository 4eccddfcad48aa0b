"""Taps that were made without a connection, sent together: each is answered on its own.

What counts is the moment at which they arrive; a phone that is a day off changes nothing. While the
sheet is still the day's own they are taps as any other. Later a first record is written down
late, and what would change a recorded row is a correction: it is not made, the page behind the
name shows first what it does (C-44, R-131).

Two taps on one row follow each other: when the first did not go through, the second was made on
something that never was, so it is stale as well.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.sent_twice import used_elsewhere
from groups.evenings.over import is_closed
from groups.models import AttendanceTap, Meeting
from groups.sheet.attendance import Sheet, Tap, is_correction, record
from groups.sheet.rows import OnSheet, rows_of

log = structlog.get_logger(__name__)
MOST = 100
OF_THE_EVENING = {"meeting_cancelled", "meeting_to_come"}


class Outcome(StrEnum):
    SAVED = "saved"
    ALREADY = "already"
    STALE = "stale"
    LATE = "late"
    REFUSED = "refused"


#: What each would be as an answer of its own.
STATUS = {
    Outcome.SAVED: 200,
    Outcome.ALREADY: 200,
    Outcome.STALE: 409,
    Outcome.LATE: 409,
    Outcome.REFUSED: 422,
}


class Item(NamedTuple):
    """One tap of the queue; `act`: taps of one act (*everyone is here*) are undone together."""

    tap: Tap
    act: UUID | None = None


@dataclass
class Answer:
    """What became of one item, and what stands now: whose it is and since when.

    `recorded_late`: saved after the sheet's day, as a first record. `code`, `detail`: why not.
    """

    client_id: UUID
    participant: UUID
    outcome: Outcome
    status: str | None = None
    version: int | None = None
    by: str = ""
    at: datetime | None = None
    recorded_late: bool = False
    code: str = ""
    detail: str = ""

    @property
    def http(self) -> int:
        return STATUS[self.outcome]


def sync(*, meeting: Meeting, items: Sequence[Item], by: User) -> list[Answer]:
    """Save what can be saved, in the order of the queue; one answer for each item, in its order."""
    answers: list[Answer] = []
    stopped: set[UUID] = set()
    for act, together in _together(items):
        answers += _step(meeting, together, act, by, stopped)
    _tell_who_runs_it(meeting, answers)
    return answers


def _tell_who_runs_it(meeting: Meeting, answers: Sequence[Answer]) -> None:
    """A refused tap is an answer in a 200: no status in a proxy's log shows that it went wrong."""
    counted = Counter(answer.outcome.value for answer in answers if answer.http != 200)
    if counted:
        log.warning("taps_not_made", meeting=str(meeting.pk), of=len(answers), **counted)


def _together(items: Sequence[Item]) -> Iterator[tuple[UUID | None, list[Tap]]]:
    """Neighbours of one act, nobody twice: each bundle is one act of the sheet."""
    for act, found in groupby(items, key=lambda item: item.act):
        bundle: list[Tap] = []
        for item in found:
            if any(tap.trajectory_id == item.tap.trajectory_id for tap in bundle):
                yield act, bundle
                bundle = []
            bundle.append(item.tap)
        yield act, bundle


def _step(
    meeting: Meeting, taps: list[Tap], act: UUID | None, by: User, stopped: set[UUID]
) -> list[Answer]:
    late = is_closed(meeting.date, clock.now())
    rows = rows_of(meeting, by) if late or any(t.trajectory_id in stopped for t in taps) else {}
    before = _receipts(taps, by) if late else set()
    told = [_not_made(meeting, tap, rows.get(tap.trajectory_id), before, stopped) for tap in taps]
    wanted = [tap for tap, answer in zip(taps, told, strict=True) if answer is None]
    made = iter(_record(meeting, wanted, act, by))
    answers = [answer or next(made) for answer in told]
    for answer in answers:
        answer.recorded_late = late and answer.outcome is Outcome.SAVED
        if answer.outcome not in (Outcome.SAVED, Outcome.ALREADY):
            stopped.add(answer.participant)
    return answers


def _not_made(
    meeting: Meeting, tap: Tap, row: OnSheet | None, before: set[UUID], stopped: set[UUID]
) -> Answer | None:
    """Why it is not even tried. `before`: what was saved at an earlier sending is no correction."""
    if row is None:
        return None
    if tap.trajectory_id in stopped:
        return _standing(tap, row, Outcome.STALE)
    if tap.client_id in before:
        return None
    if is_correction(meeting, row.state, tap.state, clock.now()):
        answer = _standing(tap, row, Outcome.LATE)
        answer.code = "correction"
        answer.detail = _("This evening is over: look at what the change does first.")
        return answer
    return None


def _receipts(taps: Sequence[Tap], by: User) -> set[UUID]:
    """Of these, what this person sent before and was saved."""
    ids = [tap.client_id for tap in taps]
    found = AttendanceTap.objects.filter(client_id__in=ids, by=by)
    return set(found.values_list("client_id", flat=True))


def _record(meeting: Meeting, taps: list[Tap], act: UUID | None, by: User) -> list[Answer]:
    """Together, and one by one when somebody among them is refused."""
    if not taps:
        return []
    try:
        return _saved(taps, record(meeting=meeting, taps=taps, by=by, act=act))
    except RuleBroken as broken:
        if len(taps) == 1 or broken.code in OF_THE_EVENING:
            return [_refused(tap, broken) for tap in taps]
    except IntegrityError:  # the same id at the same moment for something else
        if len(taps) == 1:
            return [_refused(taps[0], used_elsewhere())]
    return [answer for tap in taps for answer in _record(meeting, [tap], act, by)]


def _saved(taps: Sequence[Tap], sheet: Sheet) -> list[Answer]:
    clashes = {conflict.trajectory_id for conflict in sheet.conflicts}
    outcomes = []
    for tap in taps:
        key = tap.trajectory_id
        outcome = Outcome.SAVED if key in sheet.changed else Outcome.ALREADY
        outcomes.append(
            _standing(tap, sheet.rows[key], Outcome.STALE if key in clashes else outcome)
        )
    return outcomes


def _standing(tap: Tap, row: OnSheet, outcome: Outcome) -> Answer:
    return Answer(
        client_id=tap.client_id,
        participant=tap.trajectory_id,
        outcome=outcome,
        status=row.state,
        version=row.version,
        by=row.by_name,
        at=row.recorded_at,
    )


def _refused(tap: Tap, broken: RuleBroken) -> Answer:
    return Answer(
        client_id=tap.client_id,
        participant=tap.trajectory_id,
        outcome=Outcome.REFUSED,
        code=broken.code,
        detail=broken.message,
    )
