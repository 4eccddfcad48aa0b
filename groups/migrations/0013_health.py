from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0012_farewell'),
    ]

    operations: list[object] = []
