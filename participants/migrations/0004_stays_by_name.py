"""Fill the names of stays that are there, by five thousand, and the indexes that find them.

Beside a running program: no table is locked, and no row for longer than its five thousand take.
Broken off, it is run again: what was filled is passed by, and so is an index that is there.
"""

from uuid import UUID

from django.db import migrations, models

from core.migrating import AddIndexBesideUse

NEXT = "SELECT id FROM participants_trajectory WHERE id > %s ORDER BY id LIMIT 5000"
FILL = "UPDATE participants_trajectory SET search_name = '' WHERE id = ANY(%s) AND search_name = ''"


def fill(apps, schema_editor):
    """Whatever is written there, the trigger writes the name."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NEXT, [UUID(int=0)])
        while ids := [row[0] for row in cursor.fetchall()]:
            cursor.execute(FILL, [ids])
            cursor.execute(NEXT, [ids[-1]])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("participants", "0003_names_as_looked_for"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexBesideUse(
            model_name='trajectory',
            index=models.Index(fields=['group', 'search_name'], include=('phase', 'participant', 'id'), name='stays_of_a_group_by_name', opclasses=['uuid_ops', 'text_pattern_ops']),
        ),
        AddIndexBesideUse(
            model_name='trajectory',
            index=models.Index(condition=models.Q(('phase__in', ['former', 'referred', 'withdrawn']), _negated=True), fields=['group', 'search_name'], include=('phase', 'participant', 'region', 'id'), name='running_stays_by_name'),
        ),
    ]
