from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0005_moving'),
    ]

    operations: list[object] = []
