from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):
    dependencies = [("groups", "0018_move_outcome")]

    operations = [
        give_way(),
        migrations.AddField(
            model_name="rolemodel",
            name="end_seen_at",
            field=models.DateTimeField(
                blank=True,
                help_text="A worker has read that they ended it themselves.",
                null=True,
            ),
        ),
        give_way(),
    ]
