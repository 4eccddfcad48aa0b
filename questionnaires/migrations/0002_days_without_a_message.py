from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0004_stays_by_name'),
        ('questionnaires', '0001_schema'),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='invitation',
            name='no_message_before',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        give_way(),
    ]
