"""What changed about the meetings of somebody's own group, for their own agenda (R-376)."""

from datetime import timedelta

from django.db.models import Q

from core import clock
from core.accounts.models import User
from groups.evenings.told import COMES
from groups.evenings.told_words import of_line
from groups.evenings.who_hears import Line, Shift, still_to_say
from groups.models import Meeting, MeetingChange, Placement


def own_changes(user: User) -> list[str]:
    """In sentences, until those days have passed; nothing before every yes that is needed.

    Of each group on the days of the own place there: before a move that is agreed both (R-377).
    """
    today = clock.today()
    seats = (
        Placement.objects.visible_to(user)
        .filter(
            Q(last_day__isnull=True) | Q(last_day__gte=today),
            trajectory__blocked_reason="",
            trajectory__phase__in=COMES,
            trajectory__stopped_on__isnull=True,
        )
        .order_by("first_day")
    )
    found = [line for seat in seats for line in _of_seat(seat) if line.was]
    return [of_line(line) for line in sorted(found, key=lambda line: (line.was, line.meeting))]


def _of_seat(seat: Placement) -> list[Line]:
    rows = MeetingChange.objects.lately(clock.now()).filter(meeting__group=seat.group_id)
    if seat.last_day is not None:
        rows = rows.filter(was__lt=clock.at(seat.last_day + timedelta(days=1)))
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
    return still_to_say(shifts, seat.first_day, clock.today())
