from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from joinus.home.run_due import run_due


class Command(BaseCommand):
    help = "Everything that time makes due; safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="ISO day or moment to travel to (default: now).")

    def handle(self, *args: Any, at: str | None = None, **options: Any) -> None:
        if at is None:
            run_due()
            return
        moment: date | datetime = (
            date.fromisoformat(at) if len(at) == 10 else datetime.fromisoformat(at)
        )
        if isinstance(moment, datetime) and moment.tzinfo is None:
            moment = moment.replace(tzinfo=clock.AMSTERDAM)
        with clock.travel(moment):
            run_due()
