"""What an operator writes in DATABASE_URL counts, and live processes survive a new column."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.utils import NotSupportedError, ProgrammingError

from joinus.settings import addresses


def test_what_the_address_says_of_the_connection_is_kept() -> None:
    """A certificate that somebody asked for may not be dropped in silence."""
    config = addresses.database(
        "postgres://a:b@db:5432/joinus?sslmode=verify-full&sslrootcert=/ca.pem"
        "&disable_server_side_cursors=true&conn_max_age=0"
    )
    options = config["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/ca.pem")
    assert (options["server_side_binding"], options["prepare_threshold"]) == (True, 1)
    assert (config["DISABLE_SERVER_SIDE_CURSORS"], config["CONN_MAX_AGE"]) == ("true", 0)


def test_a_pooler_that_cannot_carry_them_gets_no_prepared_statements() -> None:
    options = addresses.database("postgres://a:b@pooler/joinus?prepare=no")["OPTIONS"]
    assert options == {"server_side_binding": True, "prepare_threshold": None}
    with pytest.raises(ImproperlyConfigured, match="prepare"):
        addresses.database("postgres://a:b@pooler/joinus?prepare=off")


def ask(text: str, times: int = 3) -> list[tuple[object, ...]]:
    """Often enough for it to be prepared."""
    with connection.cursor() as cursor:
        for _turn in range(times):
            cursor.execute(text, [1])
            found = cursor.fetchall()
    return found


@pytest.mark.django_db(transaction=True)
def test_a_prepared_statement_survives_what_a_migration_adds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE grows (id int, name text)")
        cursor.execute("INSERT INTO grows VALUES (1, 'a')")
    other = connection.copy()
    try:
        named = "SELECT name FROM grows WHERE id = %s"
        all_of_it = "SELECT * FROM grows WHERE id = %s"
        ask(named)
        ask(all_of_it)
        with other.cursor() as migrating:  # not this connection, which would forget by itself
            migrating.execute("ALTER TABLE grows ADD COLUMN note text NOT NULL DEFAULT ''")
            migrating.execute("CREATE INDEX CONCURRENTLY grows_name ON grows (name)")
        assert ask(named, 1) == [("a",)], "columns by name: nothing to mend"
        with pytest.raises(NotSupportedError, match="cached plan"):
            ask(all_of_it, 1)
        connection.close()  # as after CONN_MAX_AGE: a minute
        assert ask(all_of_it) == [(1, "a", "")]
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE grows")


@pytest.mark.django_db(transaction=True)
def test_a_prepared_statement_that_is_gone_is_missed_for_a_minute_at_most() -> None:
    """As behind a pooler that gives another session: the driver does not mend it by itself."""
    text = "SELECT 'still there', %s::int"
    ask(text)
    assert connection.connection is not None
    connection.connection.pgconn.exec_(b"DEALLOCATE ALL")  # behind the driver's back
    for _again in range(2):
        with pytest.raises(ProgrammingError, match="does not exist"):
            ask(text, 1)
    assert connection.settings_dict["CONN_MAX_AGE"] == 60
    connection.close()
    assert ask(text) == [("still there", 1)]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_was_rolled_back_prepares_anew() -> None:
    text = "SELECT 'still there', %s::int"
    ask(text)
    connection.connection.pgconn.exec_(b"DEALLOCATE ALL")
    with pytest.raises(ProgrammingError), transaction.atomic():
        ask(text, 1)
    assert ask(text) == [("still there", 1)]


@pytest.mark.django_db(transaction=True)
def test_without_prepared_statements_nothing_is_missed() -> None:
    text = "SELECT 'still there', %s::int"
    other = connection.copy()
    other.settings_dict["OPTIONS"] = addresses.database("postgres:///x?prepare=no")["OPTIONS"]
    try:
        with other.cursor() as cursor:
            for _turn in range(3):
                cursor.execute(text, [1])
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchall() == [(0,)]
    finally:
        other.close()
