"""Telephone numbers of organisations in their one spelling (R-342).

Beside a running program, five hundred rows at a time (core/migrating.py, `respell`); broken off, it
is run again. What nobody can read stays as it was typed.
"""

import core.columns
from django.db import migrations
from django.db.models import Q

from core.migrating import respell
from core.telephone import same_number


def spell(apps, schema_editor):
    organisations = apps.get_model("organisations", "Organisation")
    respell(organisations, {"phone": same_number}, ~Q(phone=""))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0002_names_as_looked_for'),
    ]

    operations = [
        # The columns stay as they are in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='organisation',
                    name='phone',
                    field=core.columns.TelephoneColumn(blank=True, max_length=20),
                ),
            ],
        ),
        migrations.RunPython(spell, migrations.RunPython.noop, elidable=True),
    ]
