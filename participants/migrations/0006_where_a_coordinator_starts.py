from django.db import migrations, models

from core.migrating import AddIndexBesideUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('participants', '0005_words_that_wait'),
    ]

    operations = [
        AddIndexBesideUse(
            model_name='consultation',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['intake'], name='advice_that_is_asked'),
        ),
        AddIndexBesideUse(
            model_name='intake',
            index=models.Index(condition=models.Q(('one_to_one', False), ('one_to_one_on__isnull', True)), fields=['trajectory'], name='talks_with_others_there'),
        ),
        AddIndexBesideUse(
            model_name='trajectory',
            index=models.Index(condition=models.Q(('phase__in', ['signed_up', 'intake'])), fields=['region'], name='arriving'),
        ),
    ]
