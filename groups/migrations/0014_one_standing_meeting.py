"""A day with a meeting that was cancelled is free for another one (R-376).

Backwards this fails where a day has both by then: that is for a person to settle.
"""

from django.db import migrations, models

BEFORE = "one_meeting_a_day"
ONE = "one_standing_meeting_a_day"
STANDS = models.Q(status="cancelled", _negated=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("groups", "0013_health")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {ONE}", migrations.RunSQL.noop
                ),
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY {ONE} ON groups_meeting"
                    " (group_id, date) WHERE NOT status = 'cancelled'",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {ONE}",
                ),
                migrations.RunSQL(
                    [
                        "SET lock_timeout = '3s'",
                        f"ALTER TABLE groups_meeting DROP CONSTRAINT IF EXISTS {BEFORE}",
                        "RESET lock_timeout",
                    ],
                    [
                        f"DROP INDEX CONCURRENTLY IF EXISTS {BEFORE}",
                        f"CREATE UNIQUE INDEX CONCURRENTLY {BEFORE} ON groups_meeting (group_id, date)",
                        "SET lock_timeout = '3s'",
                        f"ALTER TABLE groups_meeting ADD CONSTRAINT {BEFORE} UNIQUE USING INDEX {BEFORE}",
                        "RESET lock_timeout",
                    ],
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="meeting", name=BEFORE),
                migrations.AddConstraint(
                    model_name="meeting",
                    constraint=models.UniqueConstraint(
                        fields=["group", "date"], condition=STANDS, name=ONE
                    ),
                ),
            ],
        ),
    ]
