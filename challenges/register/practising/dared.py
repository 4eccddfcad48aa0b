"""What somebody dared, as one path: at Join Us left, elsewhere right. Nothing is counted.

A *nog niet* stands there like the rest: having gone is daring, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from challenges.models import PracticeNote
from core.accounts.actors import Viewer
from participants.models import Trajectory

Where, Outcome = PracticeNote.Where, PracticeNote.Outcome
#: So many are drawn at first; the others are one tap away.
AT_FIRST = 24


@dataclass(frozen=True)
class Stop:
    """One time: what was done, how it felt, and whether the path crosses over to the next."""

    id: UUID
    day: date
    inside: bool
    place: str
    what: str
    is_challenge: bool
    how: str
    crosses: bool
    is_last: bool


def path_of(stay: Trajectory, user: Viewer, *, whole: bool = False) -> tuple[list[Stop], bool]:
    """The newest first, and whether there is more than is shown. One statement."""
    rows = (
        PracticeNote.objects.visible_to(user)
        .in_force()
        .filter(challenge__trajectory=stay)
        .select_related("challenge")
        .order_by("-on", "-at", "-id")
    )
    found = [row for row in (rows if whole else rows[: AT_FIRST + 1]) if _is_told(row)]
    shown = found if whole else found[:AT_FIRST]
    pairs = zip(shown, [*shown[1:], None], strict=False)
    return [_stop(row, after) for row, after in pairs], found != shown


def _is_told(row: PracticeNote) -> bool:
    """Who only wanted something else did nothing there."""
    return row.outcome != Outcome.SOMETHING_ELSE or bool(row.did or row.felt)


def _stop(row: PracticeNote, after: PracticeNote | None) -> Stop:
    return Stop(
        id=row.pk,
        day=row.on,
        inside=row.where == Where.INSIDE,
        place=_("at Join Us") if row.where == Where.INSIDE else row.place,
        what=row.did or row.challenge.text,
        is_challenge=not row.did,
        how=row.felt,
        crosses=after is not None and after.where != row.where,
        is_last=after is None,
    )
