from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0001_schema'),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='meeting',
            name='closed_at',
            field=models.DateTimeField(blank=True, help_text='A worker said that the evening is over (C-44).', null=True),
        ),
        give_way(),
    ]
