"""What each change of a meeting leaves behind: who did it, and when."""

from datetime import datetime
from uuid import UUID

from core import clock
from core.accounts.models import User
from groups.models import Meeting, MeetingChange

Kind = MeetingChange.Kind


def note(
    meeting: Meeting,
    kind: Kind,
    *,
    by: User,
    act: UUID,
    was: datetime | None,
    now: datetime | None,
    reason_before: str = "",
    goodbyes: list[UUID] | None = None,
) -> MeetingChange:
    """Write down the change of this meeting, which is locked."""
    return MeetingChange.objects.create(
        meeting=meeting,
        act=act,
        kind=kind,
        at=meeting.changed_at or clock.now(),
        by=by,
        was=was,
        now=now,
        reason_before=reason_before,
        goodbyes=goodbyes or [],
    )


def rises(meeting: Meeting) -> list[str]:
    """One change more that people hear of; the fields to save. A calendar goes by both."""
    meeting.sequence += 1
    meeting.changed_at = clock.now()
    return ["sequence", "changed_at"]
