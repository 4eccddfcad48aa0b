"""Empty: a place that was kept for how a group is doing, which is computed and kept nowhere.

The name stays: it was applied.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0012_farewell'),
    ]

    operations: list[object] = []
