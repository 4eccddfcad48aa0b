from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0006_sheet'),
    ]

    operations: list[object] = []
