"""What the database writes of names beside a stay: the bodies of its triggers."""

import pgtrigger

#: The call name as it is looked for; nobody finds whose data were erased (docs/adr/0019).
SEARCH_NAME = """
    NEW.search_name := coalesce(
        (
            SELECT name_folded(call_name) FROM participants_participant
            WHERE id = NEW.participant_id AND erased_at IS NULL
        ),
        ''
    );
    RETURN NEW;
"""

#: What the person is called where others are listed too (docs/adr/0027).
SHOWN_NAME = """
    NEW.shown_name := shown_name_of(
        NEW.id, NEW.participant_id, NEW.group_id, NEW.region_id, NEW.search_name,
        NEW.phase IN ('former', 'referred', 'withdrawn')
    );
    RETURN NEW;
"""

#: Whoever bears the same name where somebody comes or goes is called something else from then on.
#: Who changes a name takes the old and the new one in one order: names that cross each other wait.
NAMESAKES = """
    IF TG_OP = 'UPDATE' AND (
        OLD.group_id, OLD.region_id, OLD.search_name,
        OLD.phase IN ('former', 'referred', 'withdrawn')
    ) IS NOT DISTINCT FROM (
        NEW.group_id, NEW.region_id, NEW.search_name,
        NEW.phase IN ('former', 'referred', 'withdrawn')
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(343, name) FROM (
        SELECT DISTINCT abs(hashtext(called) % 1024) AS name
        FROM unnest(ARRAY[OLD.search_name, NEW.search_name]) called
        WHERE called <> '' ORDER BY 1
    ) both_names;
    IF TG_OP <> 'INSERT' THEN
        PERFORM tell_apart(OLD.group_id, OLD.region_id, OLD.search_name);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM tell_apart(NEW.group_id, NEW.region_id, NEW.search_name);
    END IF;
    RETURN NULL;
"""

KEEP_NAMES = [
    pgtrigger.Trigger(
        name="search_name_follows",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("participant_id", "search_name"),  # type: ignore[no-untyped-call]
        func=SEARCH_NAME,
    ),
    pgtrigger.Trigger(
        name="shown_name_follows",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
            "participant_id", "group_id", "region_id", "phase", "search_name", "shown_name"
        ),
        func=SHOWN_NAME,
    ),
    pgtrigger.Trigger(
        name="tell_apart",
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.Delete
        | pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
            "participant_id", "group_id", "region_id", "phase", "search_name"
        ),
        func=NAMESAKES,
    ),
]
