"""`manage.py tell_apart`: what everybody is called, asked anew of who bears the same name."""

from typing import Any

from django.core.management.base import BaseCommand

from participants.person.shown_name import tell_everybody_apart


class Command(BaseCommand):
    help = "After a place went to another organisation. Safe at any time, and twice."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tell_everybody_apart()} people are called otherwise.")
