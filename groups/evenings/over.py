"""When an evening is over, and how long its sheet is today's (C-44).

What is inferred from a sheet waits for the end; what people do at the meeting does not.
"""

from datetime import date, datetime, timedelta

from core import clock
from groups.models import Meeting

#: How long the youth workers correct a sheet themselves.
CORRECTED_WITHIN = timedelta(days=30)


def over_at(meeting: Meeting) -> datetime:
    """When a worker said that it was over, else at its end."""
    return min(meeting.closed_at or meeting.ends_at, meeting.ends_at)


def sheet_open_until(day: date) -> datetime:
    """From this moment on a change to the sheet of `day` is a correction."""
    return clock.at(day + timedelta(days=1), clock.NIGHT_ENDS)


def sheet_day(day: date, moment: datetime) -> date:
    """The day on which something was written on the sheet of `day`, at `moment`: an hour past
    midnight that is still the evening itself."""
    return day if moment < sheet_open_until(day) else clock.day_of(moment)


def is_closed(day: date, moment: datetime) -> bool:
    """The sheet of `day` is no longer that of the day itself: a change now is a correction."""
    return moment >= sheet_open_until(day)


def is_settled(day: date, moment: datetime) -> bool:
    """What was written down on the sheet of `day` is changed by the coordinator only (R-131)."""
    return moment >= sheet_open_until(day + CORRECTED_WITHIN)


def is_to_come(meeting: Meeting, moment: datetime) -> bool:
    """Nothing can be written down yet: another day, or this night still belongs to the evening
    before."""
    day = clock.day_of(moment)
    if meeting.date != day:
        return meeting.date > day
    return moment < clock.at(day, clock.NIGHT_ENDS) and moment < meeting.starts_at
