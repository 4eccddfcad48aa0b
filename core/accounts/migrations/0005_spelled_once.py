"""Addresses and names of accounts in their one spelling (R-342).

Beside a running program, five hundred rows at a time (core/migrating.py, `respell`); broken off, it
is run again. What nobody can read stays as it was typed.
"""

import core.columns
from django.db import migrations
from django.db.models import Q

from core.cleaning import one_line
from core.mailbox import same_address
from core.migrating import respell

#: Every sign of an address that has one spelling only.
OTHERWISE = r"[^a-z0-9.!#$%&'*+/=?^_`{|}~@-]"
#: A name with anything but single spaces and the letters of the alphabet.
UNPLAIN = r"[^ -~]|  |^ | $"


def spell(apps, schema_editor):
    """Two professionals who turn out to have one address keep what they have: said, for a person."""
    users = apps.get_model("accounts", "User")
    _done, refused = respell(users, {"email": same_address}, Q(email__regex=OTHERWISE))
    if refused:
        print(f" {refused} accounts keep an address that is another account's in other signs.")
    respell(users, {"name": one_line}, Q(name__regex=UNPLAIN))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0004_an_address_of_more_than_one'),
    ]

    operations = [
        # The columns stay as they are in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='user',
                    name='email',
                    field=core.columns.MailboxColumn(blank=True, max_length=254, null=True, verbose_name='e-mail address'),
                ),
            ],
        ),
        migrations.RunPython(spell, migrations.RunPython.noop, elidable=True),
    ]
