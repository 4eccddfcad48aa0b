"""Fill what people who are there already are called, a thousand at a time; no table is locked.

Broken off, it is run again: what was filled is passed by.
"""

from uuid import UUID

from django.db import migrations

NEXT = "SELECT id FROM participants_trajectory WHERE id > %s ORDER BY id LIMIT 1000"
FILL = "UPDATE participants_trajectory SET shown_name = '' WHERE id = ANY(%s) AND shown_name = ''"


def fill(apps, schema_editor):
    """Whatever is written there, the trigger writes what this person is called."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NEXT, [UUID(int=0)])
        while ids := [row[0] for row in cursor.fetchall()]:
            cursor.execute(FILL, [ids])
            cursor.execute(NEXT, [ids[-1]])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("participants", "0010_told_apart"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
