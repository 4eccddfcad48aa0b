from django.db import migrations, models

from core.migrating import AddIndexBesideUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('audit', '0001_schema'),
    ]

    operations = [
        AddIndexBesideUse(
            model_name='readentry',
            index=models.Index(condition=models.Q(('record', 'answers')), fields=['at'], name='answers_that_were_read'),
        ),
    ]
