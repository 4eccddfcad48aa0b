"""*Wait for me at the door* goes along with the first meeting, whatever becomes of the plan."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from core import clock
from groups.models import Attendance, DoorWait, Meeting, Placement
from groups.models.moments import can_come


def follow_first_meeting(group: UUID) -> None:
    """Who asked to be met at the door is met at the first meeting that is now theirs.

    Without one the wish waits where it was, also at a meeting that was cancelled, for the next one
    that is planned. Whoever came meanwhile, or has no place here any more, is no longer waited for.
    Expects the group to be locked.
    """
    moment = clock.now()
    here = Placement.objects.open().filter(group=group, trajectory=OuterRef("trajectory"))
    coming = Meeting.objects.upcoming(moment).filter(group=group)
    came = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"),
        state=Attendance.State.PRESENT,
        meeting__group=group,
        meeting__date__gte=OuterRef("first_day"),
    )
    wishes = (
        DoorWait.objects.filter(meeting__group=group, taken_back_at__isnull=True)
        .filter(Q(meeting__status=Meeting.Status.CANCELLED) | can_come(moment, "meeting__"))
        .annotate(first_day=Subquery(here.values("first_day")[:1]))
        .annotate(
            first=Subquery(coming.filter(date__gte=OuterRef("first_day")).values("pk")[:1]),
        )
        .exclude(Exists(came))
        .exclude(first=None)
    )
    rows = list(wishes.order_by("asked_at"))
    stand = {(row.trajectory_id, row.meeting_id) for row in rows}
    for row in rows:
        if (row.trajectory_id, row.first) not in stand:
            stand.add((row.trajectory_id, row.first))
            DoorWait.objects.filter(pk=row.pk).update(meeting=row.first)
