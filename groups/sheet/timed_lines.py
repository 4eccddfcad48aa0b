"""A line with its moment, from the help card: one tap writes that something happens now; the words
may come later, or never."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from groups.models import Meeting, TimedLine


@transaction.atomic
def write_line(
    *, meeting: Meeting, client_id: UUID, by: User, text: str = "", at: datetime | None = None
) -> TimedLine:
    """Now, and what was typed; `at`: written earlier, on a phone without a connection. Sent again:
    the same line. Raises RuleBroken: client_id_used."""
    row = lock_copy(meeting)
    standing = TimedLine.objects.filter(client_id=client_id).first()
    if standing is not None:
        if (standing.meeting_id, standing.by_id) != (row.pk, by.pk):
            raise RuleBroken(_("Reload the page and try again."), "client_id_used")
        return standing
    now = clock.now()
    return TimedLine.objects.create(
        meeting=row, at=at or now, text=text.strip(), by=by, written_at=now, client_id=client_id
    )
