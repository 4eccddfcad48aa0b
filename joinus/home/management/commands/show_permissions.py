"""Every address x method x identity with the expected answer, as the access test holds it."""

import argparse
import importlib
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Show who may open what: the hand-written table that the suite tries both ways."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = importlib.import_module("tests.access.table")
            routes = importlib.import_module("tests.access.walk").addresses()
        except ImportError as gone:
            raise CommandError("The table lives in tests/access; this copy has no tests.") from gone
        rows = [
            {
                "url": "/" + routes.get(line.name, ""),
                "name": line.name,
                "method": line.method,
                "identity": identity,
                "expected": expected,
                "rule": line.rule,
            }
            for line in table.TABLE
            for identity, expected in line.answers.items()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for row in rows:
            self.stdout.write("{method:6} {url} {identity}: {expected} ({rule})".format(**row))
