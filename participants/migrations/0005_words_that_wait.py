from django.db import migrations, models

from core.migrating import AddIndexBesideUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('participants', '0004_stays_by_name'),
    ]

    operations = [
        AddIndexBesideUse(
            model_name='parentalconsent',
            index=models.Index(condition=models.Q(('question_answered_at__isnull', True), ('question_at__isnull', False)), fields=['trajectory'], name='words_that_wait'),
        ),
    ]
