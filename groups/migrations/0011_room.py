from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0010_year_plan'),
    ]

    operations: list[object] = []
