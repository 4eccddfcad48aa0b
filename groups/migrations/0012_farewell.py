from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0011_room'),
    ]

    operations: list[object] = []
