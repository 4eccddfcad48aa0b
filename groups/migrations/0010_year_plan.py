from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0009_logbook'),
    ]

    operations: list[object] = []
