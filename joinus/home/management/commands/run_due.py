from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max

from core import clock
from core.sweep.models import StepState
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
        with clock.travel(_moment(at)):
            self._not_back()
            self._run()

    def _not_back(self) -> None:
        """Judged at a moment that is over, what opened since would be taken back, and begun answers
        with it. Raises CommandError where the sweep looked at a later one."""
        looked = StepState.objects.aggregate(until=Max("looked_until"))["until"]
        if looked is not None and clock.now() < looked:
            until = clock.local(looked).isoformat(" ", "minutes")
            raise CommandError(f"Everything until {until} was done: --at cannot be earlier.")

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


def _moment(at: str) -> date | datetime:
    try:
        found: date | datetime = (
            date.fromisoformat(at) if len(at) == 10 else datetime.fromisoformat(at)
        )
    except ValueError as no:
        raise CommandError(f"--at is a day or a moment, as 2026-03-31T18:00: {no}.") from no
    if isinstance(found, datetime) and found.tzinfo is None:
        return found.replace(tzinfo=clock.AMSTERDAM)
    return found
