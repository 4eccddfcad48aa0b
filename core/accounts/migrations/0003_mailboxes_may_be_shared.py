"""Indexes for an address that more than one young person may have (R-341, docs/adr/0023)."""

from django.db import migrations, models

from core.migrating import AddIndexBesideUse

ONE = "one_professional_per_address"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0002_schema")]

    operations = [
        AddIndexBesideUse(
            model_name="user",
            index=models.Index(fields=["email"], name="account_by_address"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {ONE}", migrations.RunSQL.noop
                ),
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY {ONE} ON accounts_user (email)"
                    " WHERE kind = 'staff'",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {ONE}",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.UniqueConstraint(
                        fields=["email"],
                        condition=models.Q(kind="staff"),
                        name=ONE,
                    ),
                )
            ],
        ),
    ]
