"""Empty: a place that was kept for the evening without a connection, which needs no table of its own.

The receipt of a tap that waited on a phone is the tap itself (`AttendanceTap`, docs/adr/0029). The
name stays: it was applied.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0006_sheet'),
    ]

    operations: list[object] = []
