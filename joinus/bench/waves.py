"""Opening many waves at once, beside the one statement that inserts as many rows."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from core import clock
from joinus.bench.measure import Meter
from joinus.bench.sweep import looked_until_now, waves
from questionnaires.cycle import backstop
from questionnaires.models import Invitation

MOST = 100_000
RAW = """
INSERT INTO questionnaires_invitation (id, trajectory_id, wave, sequence, instrument_id, earned_on,
    opened_on, due_on, answered_on, state, reason, remind_on, left_alone_on)
SELECT gen_random_uuid(), c.trajectory_id, 'follow_up', 1, %s, c.day, c.day, c.day + 60, NULL,
    'open', '{}', NULL, NULL
FROM (
    SELECT trajectory_id, (next_due_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
    FROM questionnaires_cyclestate WHERE next_due_at <= %s
) c
WHERE NOT EXISTS (
    SELECT 1 FROM questionnaires_invitation i
    WHERE i.trajectory_id = c.trajectory_id AND i.wave = 'follow_up' AND i.state <> 'withdrawn')
ON CONFLICT DO NOTHING
"""
#: As `joinus.demo.fill.fill.make_due`, for more stays than fit in the words of one statement.
MAKE_DUE = (
    """CREATE TEMP TABLE chosen ON COMMIT DROP AS
    SELECT i.id, i.trajectory_id, i.earned_on FROM questionnaires_invitation i
    JOIN participants_trajectory t ON t.id = i.trajectory_id AND t.phase = 'former'
    WHERE i.wave = 'follow_up' AND i.state <> 'withdrawn' ORDER BY i.trajectory_id LIMIT %s""",
    """UPDATE questionnaires_cyclestate c
    SET next_due_at = chosen.earned_on::timestamp AT TIME ZONE 'Europe/Amsterdam'
    FROM chosen WHERE chosen.trajectory_id = c.trajectory_id""",
    "DELETE FROM messaging_message m USING chosen WHERE m.subject_id = chosen.id",
    "DELETE FROM questionnaires_response r USING chosen WHERE r.invitation_id = chosen.id",
    "DELETE FROM questionnaires_invitation i USING chosen WHERE i.id = chosen.id",
    "ANALYZE questionnaires_cyclestate, questionnaires_invitation",
)


def opened() -> Iterator[dict[str, Any]]:
    """As the sweep does it, each judged one by one, and a second run; beside the bare statement."""
    there = Invitation.objects.filter(wave="follow_up", trajectory__phase="former").count()
    many = min(MOST, there)
    if not many:
        return
    meter = Meter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in MAKE_DUE:
                cursor.execute(statement, [many] if "%s" in statement else None)
        with transaction.atomic():
            bare = meter.cost(_raw)
            transaction.set_rollback(True)
        with transaction.atomic():
            due = backstop.due_ids(clock.now())
            judged = meter.cost(lambda: backstop.rebuild(due))
            transaction.set_rollback(True)
        looked_until_now()
        swept = meter.cost(waves)
        again = meter.cost(waves)
        transaction.set_rollback(True)
    for what, cost, goal in (
        ("open waves", swept, 1.5),
        ("open waves, each judged", judged, 10.0),
        ("open waves again", again, 0.15),
    ):
        yield {
            "row": "10",
            "name": what,
            "note": f"{many}",
            "ratio": cost.cpu / bare.cpu,
            "cpu": cost.cpu,
            "python": cost.python,
            "postgres": cost.postgres,
            "wall": cost.wall,
            "bare": bare.cpu,
            "yardstick": "INSERT..SELECT",
            "goal": goal,
            "n": 1,
        }


def _raw() -> None:
    version = Invitation.objects.values_list("instrument", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute(RAW, [version, clock.now()])
