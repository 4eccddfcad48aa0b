"""Days that pass: the sweep at some hours, the sender after each, and what left on which day."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from core import clock
from core.clock import at, travel
from core.messaging import sending
from core.messaging.models import Message
from questionnaires.models import Invitation
from tests import world

DAY = timedelta(days=1)
#: When the sweep runs on a plain day, and every sort of hour at which it may.
HOURS = ((0, 5), (12, 0), (17, 0))
ALL_HOURS = ((0, 5), (3, 5), (9, 0), (12, 0), (17, 0), (22, 5), (23, 55))


class Post:
    """In the place of the mail server: what left, about which row, and on which day."""

    def __init__(self) -> None:
        self.left: list[tuple[Message, date]] = []

    def send(self) -> None:
        sending.send_due(lambda message, _mail: self.take(message))

    def take(self, message: Message) -> None:
        self.left.append((message, clock.today()))

    def days(self, wave: Invitation) -> list[date]:
        return [day for message, day in self.left if message.subject_id == wave.pk]


def live(
    post: Post,
    first: date,
    days: int,
    each: Callable[[date], None] = lambda _day: None,
    sweeps: Callable[[date], bool] = lambda _day: True,
    leaves: Callable[[date], bool] = lambda _day: True,
    hours: Sequence[tuple[int, int]] = HOURS,
    steps: Sequence[str] = ("wave_messages",),
) -> None:
    """Days pass: the sweep at these hours, the sender after each; at noon something happens."""
    for n in range(days):
        day = first + n * DAY
        for hour, minute in hours:
            with travel(at(day, hour, minute)):
                if hour == 12:
                    each(day)
                if sweeps(day):
                    world.swept(*steps, day=day)
                if leaves(day):
                    post.send()
