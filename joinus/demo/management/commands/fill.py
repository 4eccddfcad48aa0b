import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.organisations.models import Group
from joinus.demo.fill.fill import Fill


class Command(BaseCommand):
    help = "Many invented people in every phase, copied in; the same for the same seed and moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--due", type=int, default=0, help="so many stays wait for the sweep")
        parser.add_argument("--at", type=datetime.fromisoformat, help="moment (default: now)")

    def handle(
        self, *args: Any, people: int, seed: int, due: int, at: datetime | None, **options: Any
    ) -> None:
        if not settings.DEMO:
            raise CommandError("Invented people belong in the demo only: DEMO is off here.")
        if Group.objects.exists():
            raise CommandError("There is a world already. Fill an empty database.")
        started = time.monotonic()
        now = clock.local(at if at.tzinfo else at.replace(tzinfo=clock.AMSTERDAM)) if at else None
        fill = Fill(people, seed=seed, due=due, now=now or clock.now(), progress=self._say)
        rows = fill.run()
        took = time.monotonic() - started
        self.stdout.write(
            f"{people} people, {rows} rows in {took:.0f} s: {rows / took:.0f} a second."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
