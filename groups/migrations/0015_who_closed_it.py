"""Who said that a meeting is over (C-44): the colleague reads the name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0014_one_standing_meeting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name="meeting",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        give_way(),
    ]
