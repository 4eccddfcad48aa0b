from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0008_activities'),
    ]

    operations: list[object] = []
