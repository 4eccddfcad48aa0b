"""Write down who opened a personal record, in the same transaction: no log, no data (R-020)."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest

from core import clock
from core.accounts.models import User
from core.audit.models import ReadEntry


def opened(
    user: User, record: str, subject_ids: Iterable[UUID], request: HttpRequest | None = None
) -> ReadEntry:
    """One line for one opening; a list of records writes one line with all ids.

    The young person's own view is not logged by callers. Call it inside the view's transaction,
    before the page is rendered: when the line cannot be written, nothing is shown.
    """
    session = getattr(getattr(request, "session", None), "session_key", None) or ""
    return ReadEntry.objects.create(
        user=user,
        at=clock.now(),
        record=record,
        subject_ids=list(subject_ids),
        session=hashlib.sha256(session.encode()).hexdigest()[:16] if session else "",
    )
