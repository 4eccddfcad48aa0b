"""Whoever changes a name takes the locks of both names in one order (docs/adr/0027)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0013_parents_who_may_not_be_asked'),
    ]

    operations = [
        give_way(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='trajectory',
            name='tell_apart',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trajectory',
            trigger=pgtrigger.compiler.Trigger(name='tell_apart', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'UPDATE' AND (\n        OLD.group_id, OLD.region_id, OLD.search_name,\n        OLD.phase IN ('former', 'referred', 'withdrawn')\n    ) IS NOT DISTINCT FROM (\n        NEW.group_id, NEW.region_id, NEW.search_name,\n        NEW.phase IN ('former', 'referred', 'withdrawn')\n    ) THEN\n        RETURN NULL;\n    END IF;\n    PERFORM pg_advisory_xact_lock(343, name) FROM (\n        SELECT DISTINCT abs(hashtext(called) % 1024) AS name\n        FROM unnest(ARRAY[OLD.search_name, NEW.search_name]) called\n        WHERE called <> '' ORDER BY 1\n    ) both_names;\n    IF TG_OP <> 'INSERT' THEN\n        PERFORM tell_apart(OLD.group_id, OLD.region_id, OLD.search_name);\n    END IF;\n    IF TG_OP <> 'DELETE' THEN\n        PERFORM tell_apart(NEW.group_id, NEW.region_id, NEW.search_name);\n    END IF;\n    RETURN NULL;\n", hash='4529bf09d5cbaaa58b60cc21ef6751ccb85461a0', operation='INSERT OR DELETE OR UPDATE OF "participant_id", "group_id", "region_id", "phase", "search_name"', pgid='pgtrigger_tell_apart_b4bbf', table='participants_trajectory', when='AFTER')),
        ),
        give_way(),
    ]
