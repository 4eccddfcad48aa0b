import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0017_role_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name="groupmove",
            name="outcome_seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="groupmove",
            name="outcome_seen_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="groupmove",
            name="ended_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("done", "moved"),
                    ("refused", "the young person said no"),
                    ("not_agreed", "the coordinator said no"),
                    ("lapsed", "no answer within two weeks"),
                    ("taken_back", "taken back"),
                    ("leaving", "says goodbye, or left"),
                ],
                default="",
                max_length=10,
            ),
        ),
        give_way(),
    ]
