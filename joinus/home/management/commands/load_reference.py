from typing import Any

from django.core.management.base import BaseCommand

from joinus.home.reference import load_reference


class Command(BaseCommand):
    help = "Places, texts, the questionnaire and examples: what every installation starts with."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Loaded: " + ", ".join(load_reference()))
