"""Operations of migrations that run beside a program in use: nobody waits for them.

`make check` refuses an index that is made in any other way on a table that is there already.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connections, transaction
from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState
from django.db.models import Model, Q
from django.db.utils import DataError, IntegrityError

from core.encryption import CannotOpen, keyed_hash
from core.locks import lock_all

PATIENCE = "SET LOCAL lock_timeout = '3s'"
STATE = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


def give_way() -> RunSQL:
    """First and last in a migration that alters a table in use: it waits three seconds for it, and
    no more. Last as well, because going back begins there.

    Whoever waits for a whole table lets everybody wait who comes after: behind a dump of an hour
    the site would stand still for an hour. Refused (`lock timeout`), the migration is rolled back
    and can be run again.
    """
    return RunSQL(PATIENCE, PATIENCE)


class AddIndexBesideUse(AddIndexConcurrently):
    """CREATE INDEX CONCURRENTLY that may be broken off, and is simply run again.

    A migration with it says `atomic = False`: what it did stands when a later index fails. An
    index that is whole is left alone; one that was broken off stays behind as INVALID (written
    by everybody, used by nobody) and is made anew.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if not schema_editor.collect_sql:
            quoted = schema_editor.quote_name(self.index.name)
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(STATE, [quoted])
                found = cursor.fetchone()
            if found and found[0]:
                return
            if found:
                schema_editor.execute(f"DROP INDEX CONCURRENTLY {quoted}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def respell(
    model: type[Model], spell: dict[str, Callable[[str], str]], where: Q, *, at_once: int = 500
) -> tuple[int, int]:
    """Bring columns of the rows that `where` finds to their one spelling; how many, how many not.

    Beside a program in use: `at_once` rows at a time, each locked no longer than that takes. May be
    broken off and run again: a row that is spelled right is passed by. A row that would then be
    equal to another one, where only one may be, or would not fit, stays as it was and is counted.
    A sealed column is opened and sealed through its own row; `email` takes its `email_hash` along.
    """
    done = refused = 0
    after = Q()
    rows: Any = model._default_manager
    while True:
        with transaction.atomic():
            listed = rows.filter(where, after).order_by("pk").values_list("pk", flat=True)
            some = list(listed[:at_once])
            if not some:
                return done, refused
            wrong = {
                row: changed
                for row in lock_all(rows.filter(pk__in=some))
                if (changed := _respelled(row, spell))
            }
            kept = _keep_all(model, wrong)
        done += kept
        refused += len(wrong) - kept
        after = Q(pk__gt=some[-1])


def _keep_all(model: type[Model], wrong: dict[Any, list[str]]) -> int:
    """Write these columns of these rows, all in one go; one by one when a row is refused."""
    try:
        with transaction.atomic():
            _keep(model, wrong)
    except (IntegrityError, DataError):
        if len(wrong) == 1:
            return 0
        return sum(_keep_all(model, {row: changed}) for row, changed in wrong.items())
    return len(wrong)


def _keep(model: type[Model], wrong: dict[Any, list[str]]) -> None:
    """`save` asks the database once a row; these go together, and a sealed column is sealed."""
    alike: dict[tuple[str, ...], list[Any]] = {}
    for row, changed in wrong.items():
        alike.setdefault(tuple(changed), []).append(row)
    meta: Any = model._meta
    connection: Any = connections[model._default_manager.db]
    name, key = connection.ops.quote_name, meta.pk
    for changed_alike, same in alike.items():
        fields = [meta.get_field(column) for column in changed_alike]
        written = ", ".join(f"{name(field.column)} = %s" for field in fields)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {name(meta.db_table)} SET {written} WHERE {name(key.column)} = %s",  # noqa: S608
                [
                    [
                        field.get_db_prep_save(field.pre_save(row, False), connection)
                        for field in fields
                    ]
                    + [key.get_db_prep_save(row.pk, connection)]
                    for row in same
                ],
            )


def _respelled(row: Any, spell: dict[str, Callable[[str], str]]) -> list[str]:
    changed = []
    for column, spelled in spell.items():
        try:
            kept = getattr(row, column)
        except CannotOpen:
            continue
        if kept and (right := spelled(kept)) and right != kept:
            setattr(row, column, right)
            changed.append(column)
    if "email" in changed and hasattr(row, "email_hash"):
        row.email_hash = keyed_hash(row.email, "email")
        changed.append("email_hash")
    return changed
