"""Fill the names of stays that are there, by the thousand, and the index that finds them.

Beside a running program: no table is locked, no row for long. Broken off, it goes on where it was.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

SOME = """
    UPDATE participants_trajectory SET search_name = '' WHERE id IN (
        SELECT t.id FROM participants_trajectory t
        JOIN participants_participant p ON p.id = t.participant_id
        WHERE t.search_name = '' AND p.erased_at IS NULL AND name_folded(p.call_name) <> ''
        LIMIT 5000
    )
"""


def fill(apps, schema_editor):
    """Whatever is written there, the trigger writes the name."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SOME)
        while cursor.rowcount:
            cursor.execute(SOME)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("participants", "0002_names_as_looked_for"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexConcurrently(
            model_name="trajectory",
            index=models.Index(
                fields=["group", "search_name"],
                include=("phase", "participant", "id"),
                name="stays_of_a_group_by_name",
            ),
        ),
    ]
