"""A hold that began and ended on one day has no upper end either, and does not run (C-43).

Backwards such holds go: the program of before kept none, and takes one for a wait that goes on.
"""

from django.db import migrations, models

NONE_OF_HOURS = "DELETE FROM participants_hold WHERE isempty(days)"
BEFORE = "one_open_hold_per_kind"
ONE = "one_running_hold_per_kind"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("participants", "0015_holds_in_moments")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {ONE}", migrations.RunSQL.noop
                ),
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY {ONE} ON participants_hold"
                    " (trajectory_id, kind) WHERE upper_inf(days)",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {ONE}",
                ),
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {BEFORE}",
                    f"CREATE UNIQUE INDEX CONCURRENTLY {BEFORE} ON participants_hold"
                    " (trajectory_id, kind) WHERE upper(days) IS NULL",
                ),
                migrations.RunSQL(
                    migrations.RunSQL.noop,
                    [NONE_OF_HOURS, f"DROP INDEX CONCURRENTLY IF EXISTS {BEFORE}"],
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="hold", name=BEFORE),
                migrations.AddConstraint(
                    model_name="hold",
                    constraint=models.UniqueConstraint(
                        fields=["trajectory", "kind"],
                        condition=models.Q(days__upper_inf=True),
                        name=ONE,
                    ),
                ),
            ],
        ),
    ]
