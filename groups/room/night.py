"""Night rest in the rooms of groups: from ten to seven nothing new appears. Pure."""

from datetime import datetime, timedelta

from core import clock
from core.messaging.quiet_hours import NIGHT_BEGINS, NIGHT_ENDS


def is_night(moment: datetime) -> bool:
    wall = clock.local(moment).time()
    return wall >= NIGHT_BEGINS or wall < NIGHT_ENDS


def appears_at(moment: datetime) -> datetime:
    """From when the others read what is written now: at once, or in the morning."""
    if not is_night(moment):
        return moment
    day = clock.day_of(moment)
    if clock.local(moment).time() >= NIGHT_BEGINS:
        day += timedelta(days=1)
    return clock.at(day, NIGHT_ENDS.hour)
