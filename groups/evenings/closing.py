"""*Bijeenkomst afsluiten*: a worker says that the evening is over (C-44), and takes that back.

Until then, or its end, nothing is inferred from its sheet (`groups.models.moments`).
"""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.errors import RuleBroken
from groups.evenings.lock import lock_evening, told_of
from groups.evenings.meetings import on_sheet
from groups.evenings.over import is_closed
from groups.models import PERSON, Attendance, Meeting
from participants.models.recusal import not_recused
from participants.person.shown_name import by_call_name
from participants.stay.changes import StayFact, changed, told_once

State = Attendance.State


@transaction.atomic
@told_once()
def close_evening(*, meeting: Meeting, by: User) -> Meeting:
    """It is over. Saying it twice changes nothing: the first moment stays. After `ends_at` it only
    says how long it lasted; from four in the night on nothing is said any more.

    Raises RuleBroken: meeting_cancelled, not_begun, closed_by_itself.
    """
    row = lock_evening(meeting)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This evening was cancelled."), "meeting_cancelled")
    now = clock.now()
    if now < row.starts_at:
        raise RuleBroken(_("This meeting has not begun yet."), "not_begun")
    if row.closed_at is None:
        if is_closed(row.date, now):
            raise RuleBroken(_("This meeting closed by itself."), "closed_by_itself")
        row.closed_at, row.closed_by = now, by
        row.save(update_fields=["closed_at", "closed_by"])
        changed(told_of(row), StayFact.EVENING)
    return row


def not_written_down(meeting: Meeting, user: Viewer) -> tuple[list[str], int]:
    """Whose row is still empty, by call name, and how many; no name of whom this worker stays out
    of. Who told us beforehand is empty too, until somebody takes that over."""
    written = Attendance.objects.filter(meeting=meeting, trajectory=OuterRef("trajectory"))
    rows = on_sheet(meeting).exclude(Exists(written.exclude(state=State.NOT_RECORDED)))
    names = rows.filter(not_recused(user, PERSON)).values_list("trajectory__shown_name", flat=True)
    return list(names.order_by(*by_call_name("trajectory__"))), rows.count()


@transaction.atomic
@told_once()
def take_back_closing(*, meeting: Meeting, by: User) -> Meeting:
    """Not over yet after all; as long as the sheet is that of the day. Twice changes nothing.

    Raises RuleBroken: closing_stays.
    """
    row = lock_evening(meeting)
    if row.closed_at is None:
        return row
    if is_closed(row.date, clock.now()):
        raise RuleBroken(
            _("That was possible until four in the night. The meeting stays closed."),
            "closing_stays",
        )
    row.closed_at = row.closed_by = None
    row.save(update_fields=["closed_at", "closed_by"])
    changed(told_of(row), StayFact.EVENING)
    return row
