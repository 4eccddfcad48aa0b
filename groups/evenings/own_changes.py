"""What changed about the meetings of somebody's own group, for their own agenda (R-376)."""

from core import clock
from core.accounts.models import User
from groups.evenings.told import COMES
from groups.evenings.told_words import of_line
from groups.evenings.who_hears import Shift, still_to_say
from groups.models import Meeting, MeetingChange, Placement


def own_changes(user: User) -> list[str]:
    """In sentences, until those days have passed; nothing before every yes that is needed."""
    seat = (
        Placement.objects.visible_to(user)
        .held()
        .active()
        .filter(trajectory__phase__in=COMES, trajectory__stopped_on__isnull=True)
        .order_by("-first_day")
        .first()
    )
    if seat is None:
        return []
    rows = MeetingChange.objects.lately(clock.now()).filter(meeting__group=seat.group_id)
    shifts = [
        Shift(
            row.meeting_id,
            row.at,
            row.was,
            None if row.meeting.status == Meeting.Status.CANCELLED else row.meeting.starts_at,
        )
        for row in rows.select_related("meeting")
        if row.was is not None
    ]
    return [of_line(line) for line in still_to_say(shifts, seat.first_day, clock.today())]
