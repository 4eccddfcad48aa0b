"""`manage.py export_cycle --json`: every stay's facts and waves, one line each."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from questionnaires.cycle import export
from questionnaires.cycle.reasons import render, wave_name


class Command(BaseCommand):
    help = "The questionnaire cycle with the facts it follows from; no names, no answers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="JSON lines instead of sentences.")
        parser.add_argument("--trajectory", type=UUID, action="append", help="Only this stay.")

    def handle(self, *args: Any, **options: Any) -> None:
        for row in export.rows(options["trajectory"]):
            self.stdout.write(json.dumps(row) if options["json"] else _in_words(row))


def _in_words(row: dict[str, Any]) -> str:
    counted = sum(meeting["counted"] for meeting in row["meetings"])
    lines = [f"{row['trajectory']}  {row['phase']}  {counted}"]
    lines += [
        f"  {wave_name(w['wave'], w['sequence'])}: {w['state']}  {w['opened_on']}"
        f"  {render(w['reason'], w['state'])}"
        for w in row["invitations"]
    ]
    return "\n".join(lines)
