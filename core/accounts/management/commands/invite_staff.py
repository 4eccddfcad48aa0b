"""Invite a professional: an account without a password, a role, and a mail to choose a password."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.accounts.invitations import invite_staff
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.organisations.models import Group, Organisation, Region

PLACES: dict[Scope, Any] = {
    Scope.REGION: Region,
    Scope.ORGANISATION: Organisation,
    Scope.GROUP: Group,
}


class Command(BaseCommand):
    help = "Invite a professional by e-mail, with one role."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--place", default="", help="name of the region, organisation or group")
        parser.add_argument("--admin", action="store_true", help="may open the reference data")

    def handle(self, *args: Any, **options: Any) -> None:
        role = Role(options["role"])
        scope = SCOPE_OF[role]
        place = {}
        if scope in PLACES:
            found = PLACES[scope].objects.filter(name=options["place"]).first()
            if found is None:
                raise CommandError(f"--place must name an existing {scope.value}.")
            place = {scope.value: found}
        user = invite_staff(
            email=options["email"],
            name=options["name"],
            role=role,
            valid_from=clock.today(),
            administers=options["admin"],
            by=None,
            **place,
        )
        self.stdout.write(f"Invited {user.email}.")
