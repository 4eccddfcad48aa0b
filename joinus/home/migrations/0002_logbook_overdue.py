"""Meetings without a logbook among the figures of a group (R-142)."""

from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0001_figures_of_groups_and_what_was_seen'),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='groupfigures',
            name='unkept',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='groupfigures',
            name='unkept_on',
            field=models.DateField(null=True),
        ),
        give_way(),
    ]
