"""A line with its moment, from the help card: one tap writes that something happens now; the words
may come later, or never."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import clock
from core.accounts.models import User
from core.locks import lock_copy
from core.sent_twice import done_before
from groups.models import Meeting, TimedLine


@transaction.atomic
def write_line(
    *, meeting: Meeting, client_id: UUID, by: User, text: str = "", at: datetime | None = None
) -> TimedLine:
    """Now, and what was typed; `at`: written earlier, on a phone without a connection. Sent again:
    the same line. Raises RuleBroken: client_id_used."""
    row = lock_copy(meeting)
    sent = TimedLine.objects.filter(client_id=client_id).first()
    if standing := done_before(sent, meeting_id=row.pk, by_id=by.pk):
        return standing
    now = clock.now()
    return TimedLine.objects.create(
        meeting=row, at=at or now, text=text.strip(), by=by, written_at=now, client_id=client_id
    )
