"""Who talked with whom at a meeting: one tap, and a sentence for who wants to (R-124, R-126).

A talk is of the worker who had it: a colleague adds their own, tomorrow as well. Locks: the
meeting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from groups.logbook.parts import lock_to_write
from groups.models import Meeting, Talk
from groups.sheet.rows import OnSheet, rows_of

#: With how many participants the workers talk at a meeting, at least.
AT_LEAST = 2


@dataclass(frozen=True)
class Said:
    """What a worker adds to a talk; every part of it may stay empty."""

    text: str = ""
    setting: str = ""
    moment: str = ""


def can_be_talked_with(row: OnSheet) -> bool:
    """Somebody of the sheet whom this worker does not stay out of."""
    return not row.name_only and (row.trial is not None or row.is_recorded)


@transaction.atomic
def note_talk(*, meeting: Meeting, trajectory_id: UUID, by: User) -> Talk:
    """`by` talked with this person. Twice is once; after a taking back its words are there again.

    Raises RuleBroken: not_on_sheet, and what `lock_to_write` does.
    """
    row = lock_to_write(meeting)
    _require_on_sheet(row, [trajectory_id], by)
    talk = _own(row, by).get(trajectory_id) or _new(row, trajectory_id, by)
    if talk.version == 0 or talk.taken_back_at is not None:
        talk.taken_back_at = None
        _save(talk)
    return talk


@transaction.atomic
def take_back_talk(*, meeting: Meeting, trajectory_id: UUID, by: User) -> None:
    """One tap too many: it does not count any more, and its words stay for who taps again.

    Raises RuleBroken: not_on_sheet, and what `lock_to_write` does.
    """
    row = lock_to_write(meeting)
    _require_on_sheet(row, [trajectory_id], by)
    talk = _own(row, by).get(trajectory_id)
    if talk is not None and talk.taken_back_at is None:
        talk.taken_back_at = clock.now()
        _save(talk)


@transaction.atomic
def say_of_talks(*, meeting: Meeting, said: Mapping[UUID, Said], by: User) -> None:
    """Keep what `by` says of the own talks. Words about somebody with whom nobody noted a talk
    are a talk: nothing that was typed is left without one.

    Raises RuleBroken: not_on_sheet, and what `lock_to_write` does.
    """
    row = lock_to_write(meeting)
    own = _own(row, by)
    changed = {stay: words for stay, words in said.items() if _said(own.get(stay)) != words}
    if not changed:
        return
    _require_on_sheet(row, changed, by)
    for stay, words in changed.items():
        talk = own.get(stay)
        if talk is None:
            talk = _new(row, stay, by)
        elif talk.taken_back_at is not None and words.text != talk.text:
            talk.taken_back_at = None
        talk.text, talk.setting, talk.moment = words.text, words.setting, words.moment
        _save(talk)


def _said(talk: Talk | None) -> Said:
    return Said() if talk is None else Said(talk.text, talk.setting, talk.moment)


def _new(meeting: Meeting, stay: UUID, by: User) -> Talk:
    return Talk(meeting=meeting, trajectory_id=stay, by=by)


def _own(meeting: Meeting, by: User) -> dict[UUID, Talk]:
    return {talk.trajectory_id: talk for talk in Talk.objects.filter(meeting=meeting, by=by)}


def _save(talk: Talk) -> None:
    talk.version += 1
    talk.written_at = clock.now()
    talk.save()


def _require_on_sheet(meeting: Meeting, stays: Mapping[UUID, Said] | list[UUID], by: User) -> None:
    rows = rows_of(meeting, by)
    for stay in stays:
        row = rows.get(stay)
        if row is None or not can_be_talked_with(row):
            raise RuleBroken(_("This person is not on the sheet of this meeting."), "not_on_sheet")
