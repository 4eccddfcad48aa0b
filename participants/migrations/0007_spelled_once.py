"""Names and numbers of young people in their one spelling (R-342).

Beside a running program, five hundred rows at a time (core/migrating.py, `respell`); broken off, it
is run again. What nobody can read stays as it was typed.
"""

import core.columns
from django.db import migrations
from django.db.models import Q

from core.cleaning import one_line
from core.migrating import respell
from core.telephone import same_number

#: A name with anything but single spaces and the letters of the alphabet.
UNPLAIN = r"[^ -~]|  |^ | $"


def spell(apps, schema_editor):
    """The stays follow a call name by their trigger."""
    people = apps.get_model("participants", "Participant")
    respell(people, {"call_name": one_line}, Q(call_name__regex=UNPLAIN))
    respell(people, {"full_name": one_line}, Q(full_name__regex=UNPLAIN))
    respell(people, {"emergency_phone": same_number}, ~Q(emergency_phone=b""))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('participants', '0006_where_a_coordinator_starts'),
    ]

    operations = [
        # The columns stay as they are in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='participant',
                    name='emergency_phone',
                    field=core.columns.SealedTelephone(blank=True, editable=True, verbose_name='their telephone'),
                ),
            ],
        ),
        migrations.RunPython(spell, migrations.RunPython.noop, elidable=True),
    ]
