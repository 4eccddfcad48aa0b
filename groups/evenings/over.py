"""From when the sheet of an evening can be filled in, and how long it is today's (C-44).

When the evening itself is tonight's, running and over: `groups.models.moments`.
"""

from datetime import date, datetime, timedelta

from core import clock
from groups.models import Meeting
from groups.models.moments import sheet_opens_at

#: So long after the beginning somebody who is not written down has not arrived (R-090).
LATE_AFTER = timedelta(minutes=15)


def rings_from(meeting: Meeting) -> datetime:
    """From here on, until it is over, who is not written down is rung (R-090, C-44)."""
    return clock.after(meeting.starts_at, LATE_AFTER)


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


def is_to_come(meeting: Meeting, moment: datetime) -> bool:
    """Nothing can be written down yet, not after a question either: its day has not begun, for
    this night still belongs to the evening before."""
    return moment < min(clock.at(meeting.date, clock.NIGHT_ENDS), sheet_opens_at(meeting.starts_at))


def is_early(meeting: Meeting, moment: datetime) -> bool:
    """Its day has begun and its sheet is not open yet: *fill it in now already?* is asked first."""
    return not is_to_come(meeting, moment) and moment < sheet_opens_at(meeting.starts_at)
