"""`manage.py rebuild_cycle`: bring every stay's waves and counters in line with its facts."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participants.models import Trajectory
from questionnaires.cycle import backstop


class Command(BaseCommand):
    help = "Work out the questionnaire cycle anew from the facts. Safe at any time, and twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--trajectory", type=UUID, action="append", help="Only this stay.")

    def handle(self, *args: Any, **options: Any) -> None:
        stays = options["trajectory"]
        there = Trajectory.objects.filter(pk__in=stays or ()).values_list("pk", flat=True)
        if unknown := sorted({str(stay) for stay in stays or ()} - {str(stay) for stay in there}):
            raise CommandError(f"There is no stay {', '.join(unknown)}.")
        number = backstop.rebuild(stays)
        self.stdout.write(f"{number} stays are in line with their facts.")
