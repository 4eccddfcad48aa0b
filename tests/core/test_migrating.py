"""An index is made beside a program in use, and a migration that was broken off is run again."""

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.migrations.state import ProjectState

from core.messaging.models import Contact
from core.migrating import AddIndexBesideUse, give_way

(INDEX,) = Contact._meta.indexes


def made() -> tuple[int, bool] | None:
    """Which index there is under the name, and whether it is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::int, indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
            [INDEX.name],
        )
        return cursor.fetchone()


def migrate() -> None:
    state = ProjectState.from_apps(apps)
    operation = AddIndexBesideUse("contact", INDEX)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("messaging", editor, state, state)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_is_whole_is_left_alone_and_a_broken_one_made_anew():
    whole = made()
    assert whole is not None
    assert whole[1]
    migrate()
    assert made() == whole
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)",
            [INDEX.name],
        )
    migrate()
    again = made()
    assert again is not None
    assert again[1]
    assert again[0] != whole[0]


def waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_who_alters_a_table_waits_three_seconds_and_lets_the_others_pass(monkeypatch):
    monkeypatch.setattr("core.migrating.PATIENCE", "SET LOCAL lock_timeout = '50ms'")
    reads = connection.copy()
    state = ProjectState.from_apps(apps)
    try:
        reads.set_autocommit(False)
        with reads.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM messaging_contact")  # a dump, for an hour
        with connection.schema_editor(atomic=True) as editor:
            give_way().database_forwards("messaging", editor, state, state)
            assert waits() == "50ms"
            with pytest.raises(OperationalError, match="lock timeout"):
                editor.execute("ALTER TABLE messaging_contact ADD COLUMN more int")
            transaction.set_rollback(True)
    finally:
        reads.close()
    assert waits() == "0", "of this transaction only"
