from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.sweep.steps import StepsFailed
from joinus.home.run_due import run_due


class Command(BaseCommand):
    help = "Everything that time makes due, the nightly steps too; safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="ISO day or moment to travel to (default: now).")

    def handle(self, *args: Any, at: str | None = None, **options: Any) -> None:
        if at is None:
            self._run()
            return
        try:
            moment: date | datetime = (
                date.fromisoformat(at) if len(at) == 10 else datetime.fromisoformat(at)
            )
        except ValueError as no:
            raise CommandError(f"--at is a day or a moment, as 2026-03-31T18:00: {no}.") from no
        if isinstance(moment, datetime) and moment.tzinfo is None:
            moment = moment.replace(tzinfo=clock.AMSTERDAM)
        with clock.travel(moment):
            self._run()

    def _run(self) -> None:
        """Each step by its name, when something came of it; fails when one of them failed."""
        try:
            outcomes = run_due()
        except StepsFailed as failed:
            raise CommandError(str(failed)) from failed
        for one in outcomes:
            if one.skipped:
                self.stdout.write(f"{one.step}: runs elsewhere")
            elif one.done:
                self.stdout.write(f"{one.step}: {one.done}")
