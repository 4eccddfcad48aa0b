"""`manage.py rebuild_cycle`: bring every stay's waves and counters in line with its facts."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from questionnaires.cycle import backstop


class Command(BaseCommand):
    help = "Work out the questionnaire cycle anew from the facts. Safe at any time, and twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--trajectory", type=UUID, action="append", help="Only this stay.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = backstop.rebuild(options["trajectory"])
        self.stdout.write(f"{number} stays are in line with their facts.")
