"""The call name of a stay's person, as it is looked for, stands beside the stay (docs/adr/0019)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0002_names_as_looked_for'),
        ('participants', '0002_indexes_for_the_sweep'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.AddField(
            model_name='trajectory',
            name='search_name',
            field=models.TextField(db_default='', default='', editable=False, help_text="The person's call name as it is looked for; only the database writes it."),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participant',
            trigger=pgtrigger.compiler.Trigger(name='stays_follow_the_name', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."call_name" IS DISTINCT FROM (NEW."call_name") OR OLD."erased_at" IS DISTINCT FROM (NEW."erased_at"))', func="UPDATE participants_trajectory SET search_name = '' WHERE participant_id = NEW.id; RETURN NULL;", hash='24df030b37fb2c13757125880dadb9da555898ac', operation='UPDATE OF "call_name", "erased_at"', pgid='pgtrigger_stays_follow_the_name_4abaa', table='participants_participant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trajectory',
            trigger=pgtrigger.compiler.Trigger(name='search_name_follows', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    NEW.search_name := coalesce(\n        (\n            SELECT name_folded(call_name) FROM participants_participant\n            WHERE id = NEW.participant_id AND erased_at IS NULL\n        ),\n        ''\n    );\n    RETURN NEW;\n", hash='a23b1bd06e92a9f88c3f51e51fae60ca08c34a98', operation='INSERT OR UPDATE OF "participant_id", "search_name"', pgid='pgtrigger_search_name_follows_8943c', table='participants_trajectory', when='BEFORE')),
        ),
        give_way(),
    ]
