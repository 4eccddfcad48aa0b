"""Addresses, their hashes, telephone numbers and names of contacts in their one spelling (R-342).

Beside a running program, five hundred rows at a time (core/migrating.py, `respell`); broken off, it
is run again. What nobody can read stays as it was typed.
"""

import core.columns
from django.db import migrations
from django.db.models import Q

from core.cleaning import one_line
from core.mailbox import same_address
from core.migrating import respell
from core.telephone import same_number

#: Every sign of an address that has one spelling only.
OTHERWISE = r"[^a-z0-9.!#$%&'*+/=?^_`{|}~@-]"
#: A name with anything but single spaces and the letters of the alphabet.
UNPLAIN = r"[^ -~]|  |^ | $"


def spell(apps, schema_editor):
    contacts = apps.get_model("messaging", "Contact")
    respell(contacts, {"email": same_address}, Q(email__regex=OTHERWISE))
    respell(contacts, {"name": one_line}, Q(name__regex=UNPLAIN))
    respell(contacts, {"phone": same_number}, ~Q(phone=b""))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('messaging', '0003_what_leaves_first'),
    ]

    operations = [
        # The columns stay as they are in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='contact',
                    name='email',
                    field=core.columns.MailboxColumn(blank=True, max_length=254, verbose_name='e-mail address'),
                ),
                migrations.AlterField(
                    model_name='contact',
                    name='phone',
                    field=core.columns.SealedTelephone(blank=True, editable=True, verbose_name='telephone'),
                ),
            ],
        ),
        migrations.RunPython(spell, migrations.RunPython.noop, elidable=True),
    ]
