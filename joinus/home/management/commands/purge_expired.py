from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from core.messaging import privacy as messaging_privacy
from core.organisations.retention import Terms, terms
from core.privacy import Expired
from groups.logbook import retention as groups_retention
from participants.rights import retention as participants_retention

#: Who has something that expires; persons first, then loose words.
ROOMS: tuple[Callable[[date, Terms], list[Expired]], ...] = (
    participants_retention.expired,
    messaging_privacy.expired,
    groups_retention.expired,
)


def expired(day: date) -> Iterator[Expired]:
    rules = terms()
    for room in ROOMS:
        yield from room(day, rules)


class Command(BaseCommand):
    help = (
        "Let go of what was kept for its term. Prints numbers only; --dry-run says what would go."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        total = 0
        for one in expired(clock.today()):
            count = one.count if dry_run else one.go()
            total += count
            self.stdout.write(f"{one.record_class}: {count}")
        self.stdout.write(f"{total} would go." if dry_run else f"{total} went.")
