"""What each change of a meeting leaves behind: who did it, when, and what hangs on the meeting."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from core import clock
from core.accounts.models import User
from groups.models import DoorWait, Meeting, MeetingChange

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


def carry_door_waits(meeting: Meeting) -> None:
    """Who asked to be met at the door is met at the next one; without one the wish stays here."""
    coming = Meeting.objects.upcoming(clock.now())
    following = coming.filter(group=meeting.group_id, starts_at__gt=meeting.starts_at).first()
    if following is not None:
        _move(_waits(meeting), following)


def carry_door_waits_back(change: MeetingChange, meeting: Meeting) -> None:
    """The wishes of before the cancelling are for this meeting again."""
    later = DoorWait.objects.filter(
        taken_back_at__isnull=True,
        asked_at__lte=change.at,
        meeting__group=meeting.group_id,
        meeting__starts_at__gt=meeting.starts_at,
    )
    _move(later, meeting)


def _waits(meeting: Meeting) -> QuerySet[DoorWait]:
    return DoorWait.objects.filter(meeting=meeting, taken_back_at__isnull=True)


def _move(waits: QuerySet[DoorWait], to: Meeting) -> None:
    stands = DoorWait.objects.filter(
        meeting=to.pk, trajectory=OuterRef("trajectory"), taken_back_at__isnull=True
    )
    waits.exclude(Exists(stands)).update(meeting=to)
