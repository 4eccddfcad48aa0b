"""A notice is of the day its meeting has now, and what a meeting says it does becomes its plan.

Beside a running program: no table is locked, and no row for longer than its thousand take. Broken
off, it is run again: what was filled is passed by. What the program of before writes meanwhile has
neither; a notice without a day holds for whatever day its meeting gets, and the plan of a meeting
is made when somebody writes it.
"""

from typing import Any

from django.db import connection, migrations, transaction

AT_ONCE = 1000
DAYS = """
    UPDATE groups_absencenotice n SET for_day = m.date
    FROM groups_meeting m
    WHERE m.id = n.meeting_id AND n.id IN (
        SELECT id FROM groups_absencenotice WHERE for_day IS NULL
        ORDER BY id LIMIT %s FOR NO KEY UPDATE
    )
"""


def days(apps: Any, schema_editor: Any) -> None:
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(DAYS, [AT_ONCE])
            if not cursor.rowcount:
                return


def plans(apps: Any, schema_editor: Any) -> None:
    meetings, activities = apps.get_model("groups", "Meeting"), apps.get_model("groups", "Activity")
    without = meetings.objects.exclude(activity="").filter(plan=None).order_by("pk")
    rows = without.values_list("pk", "group_id", "activity", "planned_by", "starts_at")
    some = list(rows[:AT_ONCE])
    while some:
        activities.objects.bulk_create(
            [
                activities(
                    meeting_id=pk, group_id=group, title=title, written_by_id=by, proposed_at=at
                )
                for pk, group, title, by, at in some
            ],
            ignore_conflicts=True,
        )
        some = list(rows.filter(pk__gt=some[-1][0])[:AT_ONCE])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("groups", "0015_who_closed_it")]

    operations = [
        migrations.RunPython(days, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(plans, migrations.RunPython.noop, elidable=True),
    ]
