"""Two people of one call name are told apart where they can be seen together (docs/adr/0027).

Functions of the database, so that every act that changes it does so in its own transaction and
asks for nothing: who bears the name in this place (`namesakes`), what one of them is called there
(`shown_name_of`), and writing it down for all of them (`tell_apart`).
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from core.migrating import give_way

#: Letters from right to left, as core/names.py has them on the day of this migration.
RIGHT_TO_LEFT = (
    r"[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\U00010800-\U00010FFF\U0001E800-\U0001EFFF]"
)

ISOLATE, AND_BACK = "\u2068", "\u2069"

NAME_ISOLATED = f"""
CREATE FUNCTION name_isolated(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN $1 ~ '{RIGHT_TO_LEFT}' AND left($1, 1) <> '{ISOLATE}'
        THEN '{ISOLATE}' || $1 || '{AND_BACK}' ELSE $1 END
$$
"""

NAMESAKES = """
CREATE FUNCTION namesakes(of_group uuid, of_region uuid, name text)
RETURNS SETOF participants_trajectory LANGUAGE plpgsql STABLE ROWS 3 AS $$
BEGIN
    IF of_group IS NULL THEN
        RETURN QUERY SELECT s.* FROM participants_trajectory s
            WHERE s.group_id IS NULL AND s.region_id = of_region AND s.search_name = name
            ORDER BY s.id;
    ELSE
        RETURN QUERY SELECT s.* FROM participants_trajectory s
            WHERE s.search_name = name AND s.group_id IN (
                SELECT other.id FROM organisations_group mine
                JOIN organisations_location here ON here.id = mine.location_id
                JOIN organisations_location there ON there.organisation_id = here.organisation_id
                JOIN organisations_group other ON other.location_id = there.id
                WHERE mine.id = of_group
            )
            ORDER BY s.id;
    END IF;
END
$$
"""

SHOWN_NAME_OF = """
CREATE FUNCTION shown_name_of(
    stay uuid, person uuid, of_group uuid, of_region uuid, name text, is_over boolean
) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    me record;
    others record;
    apart text;
BEGIN
    SELECT name_isolated(p.call_name) AS called, p.birth_date, p.postcode INTO me
        FROM participants_participant p WHERE p.id = person;
    IF name = '' THEN
        RETURN me.called;
    END IF;
    SELECT count(*) AS here,
        count(*) FILTER (WHERE date_part('year', p.birth_date) = date_part('year', me.birth_date))
            AS of_year,
        count(*) FILTER (WHERE p.birth_date = me.birth_date) AS of_day,
        count(*) FILTER (WHERE p.birth_date = me.birth_date AND p.postcode = me.postcode)
            AS of_street,
        count(*) FILTER (
            WHERE p.birth_date = me.birth_date AND p.postcode = me.postcode AND s.id < stay
        ) AS before
        INTO others
        FROM namesakes(of_group, of_region, name) s
        JOIN participants_participant p ON p.id = s.participant_id
        WHERE s.participant_id <> person
        AND (is_over OR s.phase NOT IN ('former', 'referred', 'withdrawn'));
    IF others.here = 0 THEN
        RETURN me.called;
    ELSIF others.of_year = 0 THEN
        apart := to_char(me.birth_date, 'YYYY');
    ELSE
        apart := to_char(me.birth_date, 'DD-MM-YYYY');
        IF others.of_day > 0 THEN
            apart := apart || ', ' || me.postcode;
        END IF;
        IF others.of_street > 0 THEN
            apart := apart || ', ' || (others.before + 1)::text;
        END IF;
    END IF;
    RETURN me.called || ' (' || apart || ')';
END
$$
"""

TELL_APART = """
CREATE FUNCTION tell_apart(of_group uuid, of_region uuid, name text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    one participants_trajectory;
BEGIN
    IF name = '' THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(343, abs(hashtext(name) % 1024));
    FOR one IN SELECT * FROM namesakes(of_group, of_region, name) LOOP
        IF one.shown_name IS DISTINCT FROM shown_name_of(
            one.id, one.participant_id, one.group_id, one.region_id, one.search_name,
            one.phase IN ('former', 'referred', 'withdrawn')
        ) THEN
            PERFORM 1 FROM participants_trajectory t WHERE t.id = one.id
                FOR NO KEY UPDATE SKIP LOCKED;
            IF FOUND THEN
                UPDATE participants_trajectory SET shown_name = '' WHERE id = one.id;
            END IF;
        END IF;
    END LOOP;
END
$$
"""


def function(text: str, signature: str) -> migrations.RunSQL:
    return migrations.RunSQL(text, f"DROP FUNCTION {signature}")


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0009_calls_asked_for_and_texts_read'),
    ]

    operations = [
        give_way(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='participant',
            name='stays_follow_the_name',
        ),
        migrations.AddField(
            model_name='trajectory',
            name='shown_name',
            field=models.TextField(db_default='', editable=False, help_text="The person's call name, told apart from others; only the database writes it."),
        ),
        function(NAME_ISOLATED, "name_isolated(text)"),
        function(NAMESAKES, "namesakes(uuid, uuid, text)"),
        function(SHOWN_NAME_OF, "shown_name_of(uuid, uuid, uuid, uuid, text, boolean)"),
        function(TELL_APART, "tell_apart(uuid, uuid, text)"),
        pgtrigger.migrations.AddTrigger(
            model_name='participant',
            trigger=pgtrigger.compiler.Trigger(name='stays_follow_the_name', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."call_name" IS DISTINCT FROM (NEW."call_name") OR OLD."erased_at" IS DISTINCT FROM (NEW."erased_at") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode"))', func="UPDATE participants_trajectory SET search_name = '' WHERE participant_id = NEW.id; PERFORM tell_apart(group_id, region_id, search_name) FROM participants_trajectory WHERE participant_id = NEW.id; RETURN NULL;", hash='3060fa3090e4eec856a5cd2c4e78a9004d812071', operation='UPDATE OF "call_name", "erased_at", "birth_date", "postcode"', pgid='pgtrigger_stays_follow_the_name_4abaa', table='participants_participant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trajectory',
            trigger=pgtrigger.compiler.Trigger(name='shown_name_follows', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    NEW.shown_name := shown_name_of(\n        NEW.id, NEW.participant_id, NEW.group_id, NEW.region_id, NEW.search_name,\n        NEW.phase IN ('former', 'referred', 'withdrawn')\n    );\n    RETURN NEW;\n", hash='8c7cd3998fc1be790e6b5f28c57b4f3e2fccc038', operation='INSERT OR UPDATE OF "participant_id", "group_id", "region_id", "phase", "search_name", "shown_name"', pgid='pgtrigger_shown_name_follows_8ede7', table='participants_trajectory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trajectory',
            trigger=pgtrigger.compiler.Trigger(name='tell_apart', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'UPDATE' AND (\n        OLD.group_id, OLD.region_id, OLD.search_name,\n        OLD.phase IN ('former', 'referred', 'withdrawn')\n    ) IS NOT DISTINCT FROM (\n        NEW.group_id, NEW.region_id, NEW.search_name,\n        NEW.phase IN ('former', 'referred', 'withdrawn')\n    ) THEN\n        RETURN NULL;\n    END IF;\n    IF TG_OP <> 'INSERT' THEN\n        PERFORM tell_apart(OLD.group_id, OLD.region_id, OLD.search_name);\n    END IF;\n    IF TG_OP <> 'DELETE' THEN\n        PERFORM tell_apart(NEW.group_id, NEW.region_id, NEW.search_name);\n    END IF;\n    RETURN NULL;\n", hash='fd3fc8e714e742abe9f9eefc8f690d4f7ca917c9', operation='INSERT OR DELETE OR UPDATE OF "participant_id", "group_id", "region_id", "phase", "search_name"', pgid='pgtrigger_tell_apart_b4bbf', table='participants_trajectory', when='AFTER')),
        ),
        give_way(),
    ]
