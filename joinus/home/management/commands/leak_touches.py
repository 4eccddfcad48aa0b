import json
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.accounts.models import User
from core.audit.who_looked import opened_by
from participants.models import Trajectory


class Command(BaseCommand):
    help = (
        "Whom does this leak touch? Everybody whose record this account opened in the window, as "
        "JSON lines: numbers and kinds of record, no names; the last line counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account that was in wrong hands")
        parser.add_argument("--from", dest="since", help="ISO day or moment (default: a week ago)")
        parser.add_argument("--until", help="ISO day, included, or moment (default: now)")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.staff().filter(email=email).first()
        if user is None:
            raise CommandError("No account has this address.")
        since = _moment(options["since"], clock.today() - timedelta(days=7), end=False)
        until = _moment(options["until"], clock.today(), end=True)
        touched = opened_by(user, since, until)
        people = dict(Trajectory.objects.filter(pk__in=touched).values_list("pk", "participant"))
        for stay, records in sorted(touched.items(), key=lambda pair: str(pair[0])):
            line = {
                "participant": str(people.get(stay, "")),
                "trajectory": str(stay),
                "records": dict(sorted(records.items())),
            }
            self.stdout.write(json.dumps(line))
        self.stdout.write(f"{len(set(people.values()))} people, {len(touched)} stays.")


def _moment(text: str | None, otherwise: date, *, end: bool) -> datetime:
    """A day stands for its first or its last moment in Amsterdam."""
    try:
        if text is not None and len(text) > 10:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=clock.AMSTERDAM)
        day = date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise CommandError("Write a day as 2026-11-25, a moment as 2026-11-25T18:30.") from None
    return clock.at(day + timedelta(days=1)) if end else clock.at(day)
