from django.db import migrations, models

from core.migrating import AddIndexBesideUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('questionnaires', '0002_days_without_a_message'),
    ]

    operations = [
        AddIndexBesideUse(
            model_name='invitation',
            index=models.Index(condition=models.Q(('left_alone_on__isnull', True), ('state', 'open')), fields=['no_message_before'], name='waves_that_may_write'),
        ),
    ]
