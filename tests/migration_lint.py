"""`make check` reads every migration as SQL: may the program of before run beside it?

An update migrates while the old processes still serve people. What would break them (a column that
goes, gets another name or type, or must be filled) is refused, and so is an index that nobody could
write beside (core/migrating.py makes it otherwise). What else locks a table for long is said. The
reading is that of django-migration-linter; the SQL needs a server, but no tables.
"""

import os
import sys

import django
from django.apps import apps

FLOORS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")
#: The schema that an empty database begins with: nothing runs beside it (CHANGELOG, 0.2.0).
BEGINNING = {
    ("accounts", "0001_schema"),
    ("accounts", "0002_schema"),
    ("audit", "0001_schema"),
    ("challenges", "0001_schema"),
    ("groups", "0001_schema"),
    ("licensing", "0001_schema"),
    ("messaging", "0001_schema"),
    ("organisations", "0001_schema"),
    ("participants", "0001_schema"),
    ("questionnaires", "0001_schema"),
    ("texts", "0001_schema"),
}
#: What the reader only warns about, and what would keep people waiting all the same.
LOCKING = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX"]
#: A migration that the reader refuses and that is safe all the same: (app, name) -> why.
SAFE: dict[tuple[str, str], str] = {
    ("accounts", "0004_an_address_of_more_than_one"): (
        "an index goes, in an instant and after waiting three seconds at most; what finds an"
        " address instead was made before it"
    ),
    ("groups", "0012_farewell"): (
        "every index is of a table that it makes; the reader trips over the brackets of a condition"
    ),
}


def unsafe(*apart: str, newest: bool = False) -> list[tuple[str, str]]:
    """App and name of each migration that a running program would not survive; prints why.

    Each takes a moment: `apart` names apps to be read alone, `newest` reads the last of each app.
    """
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(quiet=["ok", "ignore"], warnings_as_errors_tests=LOCKING)
    own = {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in FLOORS}
    own &= set(apart or own)
    refused = []
    for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
        if app not in own or (app, name) in BEGINNING or (app, name) in SAFE:
            continue
        if newest and (app, name) not in linter.migration_loader.graph.leaf_nodes(app):
            continue
        before = linter.nb_erroneous
        linter.lint_migration(migration)
        if linter.nb_erroneous > before:
            refused.append((app, name))
    return refused


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinus.settings.development")
    if not os.environ.get("DATABASE_URL"):
        from joinus import embedded

        embedded.hold("local")
    django.setup()
    return int(bool(unsafe()))


if __name__ == "__main__":
    sys.exit(main())
