import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.organisations.models import Group
from joinus.demo.world.world import World
from joinus.home.reference import load_reference


class Command(BaseCommand):
    help = "The demo world through the real actions on a travelled clock."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, help="ISO day (default: today)")

    def handle(self, *args: Any, seed: int, until: date | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented people belong in the demo only: DEMO is off here.")
        if Group.objects.exists():
            raise CommandError("There is a world already. Begin anew with: make demo RESET=1")
        started = time.monotonic()
        load_reference()
        World(seed=seed, until=until or clock.today(), progress=self._say).run()
        self.stdout.write(f"World ready in {time.monotonic() - started:.0f} s.")

    def _say(self, month: str) -> None:
        self.stdout.write(f"  {month}", ending="\n")
        self.stdout.flush()
