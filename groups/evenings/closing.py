"""*Bijeenkomst afsluiten*: a worker says that the evening is over (C-44), and takes that back.

Until then, or its end, nothing is inferred from its sheet (`groups.models.moments`).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from groups.evenings.lock import lock_evening, told_of
from groups.evenings.over import is_closed
from groups.models import Meeting
from participants.stay.changes import StayFact, changed, told_once


@transaction.atomic
@told_once()
def close_evening(*, meeting: Meeting, by: User) -> Meeting:
    """It is over. Saying it twice changes nothing: the first moment stays.

    Raises RuleBroken: meeting_cancelled, not_begun.
    """
    row = lock_evening(meeting)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This evening was cancelled."), "meeting_cancelled")
    now = clock.now()
    if now < row.starts_at:
        raise RuleBroken(_("This meeting has not begun yet."), "not_begun")
    if row.closed_at is None:
        row.closed_at = now
        row.save(update_fields=["closed_at"])
        changed(told_of(row), StayFact.EVENING)
    return row


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
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    changed(told_of(row), StayFact.EVENING)
    return row
