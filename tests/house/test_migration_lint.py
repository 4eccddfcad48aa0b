"""A migration that a running program would not survive does not pass `make check`."""

import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from core.migrating import PATIENCE, AddIndexBesideUse
from tests import migration_lint

FIRST = """
from importlib import import_module
Migration = import_module("licensing.migrations.0001_schema").Migration
"""
SECOND = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_schema")]
    operations = [{operation}]
"""
UNSAFE = {
    "a column goes": 'migrations.RemoveField("licence", "valid_until")',
    "another name": 'migrations.RenameField("licence", "valid_until", "ends_on")',
    "to be filled": 'migrations.AddField("licence", "note", models.TextField(default=""))',
    "a table goes": 'migrations.DeleteModel("LicenceMunicipality")',
    "nobody may write": """migrations.AddIndex(
        "licence", models.Index(fields=["valid_until"], name="licences_by_end"))""",
}


@pytest.fixture
def plant(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Any:
    """A second migration of licensing, as if somebody had just written it."""

    def planted(operation: str) -> None:
        package = tmp_path / "planted_migrations"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "0001_schema.py").write_text(FIRST)
        (package / "0002_planted.py").write_text(SECOND.format(operation=operation))
        monkeypatch.syspath_prepend(tmp_path)
        settings.MIGRATION_MODULES = {"licensing": package.name}

    yield planted
    for name in [name for name in sys.modules if name.startswith("planted_migrations")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(operation, id=what, marks=[pytest.mark.deep] if number else [])
        for number, (what, operation) in enumerate(UNSAFE.items())
    ],
)
def test_what_breaks_a_running_program_is_refused(plant, operation, monkeypatch):
    plant(operation)
    assert migration_lint.unsafe("licensing") == [("licensing", "0002_planted")]
    monkeypatch.setitem(migration_lint.SAFE, ("licensing", "0002_planted"), "nobody runs")
    assert migration_lint.unsafe("licensing") == []


def test_what_the_old_program_does_not_see_passes(plant):
    plant('migrations.AddField("licence", "note", models.TextField(null=True))')
    assert migration_lint.unsafe("licensing") == []


def test_the_newest_migrations_of_the_house_are_read(transactional_db):
    disk = set(MigrationLoader(None).disk_migrations)
    assert disk >= migration_lint.BEGINNING
    assert disk >= migration_lint.SAFE.keys()
    assert migration_lint.unsafe(newest=True) == []


@pytest.mark.deep
def test_the_migrations_of_the_house_are_read(transactional_db):
    """As `make check` does."""
    assert migration_lint.unsafe() == []


#: What leaves the tables that are there alone, or is made beside their use.
NOBODY_WAITS = (
    migrations.CreateModel,
    migrations.RunPython,
    migrations.SeparateDatabaseAndState,
    AddIndexBesideUse,
)


def later_ones() -> dict[tuple[str, str], Any]:
    """The migrations that ran, or will run, beside a program in use."""
    own = {app for app, _name in migration_lint.BEGINNING} | {"home", "sweep", "drafts"}
    disk = MigrationLoader(None).disk_migrations
    return {
        key: migration
        for key, migration in disk.items()
        if key[0] in own and key not in migration_lint.BEGINNING
    }


def test_who_alters_a_table_in_use_gives_way_forwards_and_back():
    later = later_ones()
    assert ("participants", "0003_names_as_looked_for") in later
    impatient = [
        key
        for key, migration in later.items()
        if not all(isinstance(one, NOBODY_WAITS) for one in migration.operations)
        and {getattr(migration.operations[end], "sql", None) for end in (0, -1)} != {PATIENCE}
    ]
    assert impatient == []
    assert all(
        not migration.atomic
        for migration in later.values()
        if any(isinstance(one, AddIndexBesideUse) for one in migration.operations)
    )


def test_nobody_waits_for_a_table_that_is_altered_until_rows_are_filled():
    """What alters keeps its lock until its transaction ends; rows are filled by another one."""
    both = [
        key
        for key, migration in later_ones().items()
        if migration.atomic
        and any(isinstance(one, migrations.RunPython) for one in migration.operations)
        and not all(isinstance(one, migrations.RunPython) for one in migration.operations)
    ]
    assert both == []
