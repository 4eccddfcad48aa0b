"""A diary of things to do at moments in the past, played in order on a travelled clock."""

import heapq
from collections.abc import Callable
from datetime import date, datetime
from itertools import count

from core import clock

Act = Callable[[], object]


class Agenda:
    """Acts may put further acts in the diary; what lies after `until` never happens."""

    def __init__(self, until: datetime) -> None:
        self._until = until
        self._order = count()
        self._diary: list[tuple[datetime, int, Act]] = []

    def put(self, day: date, hour: int, act: Act, minute: int = 0) -> None:
        moment = clock.at(day, hour, minute)
        if moment <= self._until:
            heapq.heappush(self._diary, (moment, next(self._order), act))

    def play(self) -> None:
        while self._diary:
            moment, _order, act = heapq.heappop(self._diary)
            with clock.travel(moment):
                act()
