"""The only source of time. Domain code never asks the system or the database for it.

`travel()` moves the clock for one context (seeding a world, `run_due --at`, tests).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: The hour at which an evening is over for good: until then the night belongs to it (C-44).
NIGHT_ENDS = 4

_system: Callable[[], datetime] = timezone.now
_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """Aware current time in Europe/Amsterdam."""
    return local(_travelled.get() or _system())


def tick_by(source: Callable[[], datetime]) -> None:
    """Let `source` (aware moments) tell the time of this process from here on."""
    global _system
    _system = source


def is_travelled() -> bool:
    """Whether somebody plays another moment, so that nothing needs to hurry in this one."""
    return _travelled.get() is not None


def today() -> date:
    """The calendar day in Europe/Amsterdam."""
    return now().date()


def day_of(moment: datetime) -> date:
    """The calendar day in Amsterdam of a stored moment: half past midnight is the new day.

    A moment comes from the database in UTC, so its own `.date()` is the evening before.
    Raises ValueError for a naive datetime, which would be read in the zone of the machine.
    """
    if moment.tzinfo is None:
        raise ValueError("Only an aware moment has a day.")
    return local(moment).date()


def evening_of(moment: datetime) -> date:
    """The day whose evening this still is: in the night that of the day before."""
    wall = local(moment)
    return wall.date() - timedelta(days=int(wall.hour < NIGHT_ENDS))


def local(moment: datetime) -> datetime:
    """The same moment on the clock of Amsterdam, to be shown or read the hour from."""
    return moment.astimezone(AMSTERDAM)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC, for a file that other programs read."""
    return moment.astimezone(UTC)


def after(moment: datetime, lasts: timedelta) -> datetime:
    """So much time later, also when the clock changes meanwhile: Python adds to the hands of the
    clock."""
    return local(moment.astimezone(UTC) + lasts)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """That wall-clock moment in Amsterdam, aware."""
    return datetime.combine(day, time(hour, minute), tzinfo=AMSTERDAM)


@contextmanager
def travel(to: datetime | date) -> Iterator[None]:
    """Stand still at `to` (a date means noon in Amsterdam) until the context ends.

    Raises ValueError for a naive datetime.
    """
    moment = to if isinstance(to, datetime) else at(to, 12)
    if moment.tzinfo is None:
        raise ValueError("The clock only travels to an aware moment.")
    token = _travelled.set(moment)
    try:
        yield
    finally:
        _travelled.reset(token)
