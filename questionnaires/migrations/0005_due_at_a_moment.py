"""A day becomes its midnight. The old column and its index stay for the program of before, which
may still run beside this; a later version drops them."""

from typing import Any

from django.db import connection, migrations, models, transaction

from core.migrating import AddIndexBesideUse

AT_ONCE = 5000
SOME = """
    UPDATE questionnaires_cyclestate
    SET next_due_at = next_due_on::timestamp AT TIME ZONE 'Europe/Amsterdam'
    WHERE trajectory_id IN (
        SELECT trajectory_id FROM questionnaires_cyclestate
        WHERE next_due_on IS NOT NULL AND next_due_at IS NULL
        ORDER BY trajectory_id LIMIT %s FOR NO KEY UPDATE
    )
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Some at a time: nobody who writes down an evening waits for all of them."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SOME, [AT_ONCE])
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('questionnaires', '0004_openings_and_moments'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexBesideUse(
            model_name='cyclestate',
            index=models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at'], name='cycle_due_at'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name='cyclestate', name='cycle_due'),
                migrations.RemoveField(model_name='cyclestate', name='next_due_on'),
            ],
        ),
    ]
