from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0007_offline'),
    ]

    operations: list[object] = []
