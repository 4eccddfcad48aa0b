import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0016_days_and_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name="groupmove",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="groupmove",
            name="told_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who told the young person that the coordinator did not agree.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        give_way(),
    ]
