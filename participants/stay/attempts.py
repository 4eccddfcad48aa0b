"""Every attempt to reach somebody is kept, with who tried, when, about what and what came of it."""

from typing import Any
from uuid import UUID

from core import clock
from core.accounts.models import User
from participants.models import ContactAttempt, Trajectory


def keep_attempt(
    *,
    trajectory: Trajectory,
    about: str,
    outcome: str,
    by: User,
    attempt_id: UUID | None = None,
    **facts: Any,
) -> ContactAttempt:
    """Write the row; `attempt_id`: the id the page gave it. The caller holds the stay's lock."""
    if attempt_id is not None:
        facts["pk"] = attempt_id
    return ContactAttempt.objects.create(
        trajectory=trajectory, by=by, at=clock.now(), about=about, outcome=outcome, **facts
    )
