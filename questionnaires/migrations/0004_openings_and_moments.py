from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('questionnaires', '0003_waves_that_may_write'),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='invitation',
            name='opening',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='Taken back and earned again is another opening, in a row of its own (R-351).'),
        ),
        migrations.AddField(
            model_name='cyclestate',
            name='next_due_at',
            field=models.DateTimeField(blank=True, help_text='First moment at which time alone changes something: midnight, or an end.', null=True),
        ),
        give_way(),
    ]
