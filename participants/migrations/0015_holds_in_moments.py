from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0014_names_in_one_order'),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='hold',
            name='from_at',
            field=models.DateTimeField(blank=True, help_text='Its first moment: an evening is judged by it (C-43).', null=True),
        ),
        migrations.AddField(
            model_name='hold',
            name='until_at',
            field=models.DateTimeField(blank=True, help_text='The moment of settlement, free itself.', null=True),
        ),
        give_way(),
    ]
