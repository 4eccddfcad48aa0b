from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0003_in_time'),
    ]

    operations: list[object] = []
