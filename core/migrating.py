"""Operations of migrations that run beside a program in use: nobody waits for them.

`make check` refuses an index that is made in any other way on a table that is there already.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState

PATIENCE = "SET LOCAL lock_timeout = '3s'"
STATE = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


def give_way() -> RunSQL:
    """First in a migration that alters a table in use: it waits three seconds for it, and no more.

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
