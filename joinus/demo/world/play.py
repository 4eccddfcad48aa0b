"""What everybody in the played world leans on: its days, its stage, its agenda, its lives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from joinus.demo.world.agenda import Agenda
from joinus.demo.world.cast import GroupPlan
from joinus.demo.world.stage import Stage
from questionnaires.models import Item

if TYPE_CHECKING:
    from joinus.demo.world.life import Life

DAYS = 455
Progress = Callable[[str], None]


class Play:
    def __init__(self, *, seed: int, until: date, progress: Progress = lambda _: None) -> None:
        self.seed = seed
        self.until = until
        self.progress = progress
        self.first_day = until - timedelta(days=DAYS)
        self.agenda = Agenda(clock.at(until, 13))
        self.lives: dict[UUID, Life] = {}  # which leans on this
        self.stage: Stage
        self.items: list[Item] = []
        self.asked: set[UUID] = set()

    def evenings(self, plan: GroupPlan) -> list[date]:
        """Every second week; the last one falls `phase_days` after the last day."""
        last = self.until + timedelta(days=plan.phase_days + 28)
        return sorted(
            day
            for n in range(DAYS // 14 + 3)
            if (day := last - timedelta(days=14 * n)) > self.first_day + timedelta(days=8)
        )

    def group(self, plan: GroupPlan) -> Group:
        return self.stage.groups[plan.key]

    def worker(self, plan: GroupPlan, n: int = 0) -> User:
        return self.stage.workers[plan.key][n % 2]
