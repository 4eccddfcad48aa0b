from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('sweep', '0001_steps_remember_how_far'),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='stepstate',
            name='amiss',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='How many rows that turn found and put right.'),
        ),
        migrations.AddField(
            model_name='stepstate',
            name='amiss_at',
            field=models.DateTimeField(help_text='When something was last found that a lost call should have done.', null=True),
        ),
        migrations.AddField(
            model_name='stepstate',
            name='reached',
            field=models.UUIDField(help_text='A turn was stopped behind this row; the next one goes on there.', null=True),
        ),
        give_way(),
    ]
