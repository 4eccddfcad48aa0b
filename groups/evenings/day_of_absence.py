"""*I can't come* is said of a day: moved to another day it lapses, moved back it stands again.

Another hour of the same day changes nothing.
"""

from core import clock
from groups.models import AbsenceNotice, Meeting


def follow_day(meeting: Meeting) -> None:
    """The meeting has its day now; within the act that moved it, or took the move back."""
    notices = AbsenceNotice.objects.filter(meeting=meeting)
    notices.filter(taken_back_at__isnull=True).exclude(for_day=meeting.date).exclude(
        for_day=None
    ).update(taken_back_at=clock.now(), lapsed=True)
    notices.filter(lapsed=True, for_day=meeting.date).update(taken_back_at=None, lapsed=False)
