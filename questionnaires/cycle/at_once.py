"""Many waves by one statement: what was judged is written, and what is plain is opened.

Put together by the ORM row by row, writing costs as much as judging; so this is one of the few
places with SQL of its own (tests/house/test_guards.py). The rules are in
`questionnaires.cycle.waves`. `open_follow_ups` says one of them again, for the stays of which
nothing else can change: tests/questionnaires/cycle/test_at_once.py holds that both come to the
same for every history.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from core import clock
from core.ids import uuid7
from questionnaires.cycle.facts import Kept, Standing

#: A stay and the wave that it gets.
Row = tuple[UUID, Standing]

_NEW = """
    INSERT INTO questionnaires_invitation (id, trajectory_id, instrument_id, wave, sequence,
        opening, earned_on, opened_on, due_on, answered_on, state, reason)
    SELECT n.id, n.stay, %s, n.wave, n.sequence, n.opening, n.earned_on, n.opened_on, n.due_on,
        n.answered_on, n.state, n.reason::jsonb
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::smallint[], %s::smallint[], %s::date[],
        %s::date[], %s::date[], %s::date[], %s::text[], %s::text[])
        AS n(id, stay, wave, sequence, opening, earned_on, opened_on, due_on, answered_on, state,
             reason)
    ON CONFLICT DO NOTHING
"""
_CHANGED = """
    UPDATE questionnaires_invitation i
    SET earned_on = n.earned_on, opened_on = n.opened_on, due_on = n.due_on, state = n.state,
        reason = n.reason::jsonb, no_message_before =
            CASE WHEN n.state = 'open' AND i.state <> 'open' THEN %s ELSE i.no_message_before END
    FROM unnest(%s::uuid[], %s::date[], %s::date[], %s::date[], %s::text[], %s::text[])
        AS n(id, earned_on, opened_on, due_on, state, reason)
    WHERE i.id = n.id
"""
_COUNTERS = """
    INSERT INTO questionnaires_cyclestate (trajectory_id, attended, last_answered_on, next_due_at)
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::date[], %s::timestamptz[])
    ON CONFLICT (trajectory_id) DO UPDATE SET attended = EXCLUDED.attended,
        last_answered_on = EXCLUDED.last_answered_on, next_due_at = EXCLUDED.next_due_at
"""
#: Three months after the exit, clamped to the last day of a month as `core.months` does, and
#: sixty days to answer. Plain is: closed, not waived and no newer stay; no hold that ends after the
#: day; every wave that stands is settled for good and lies before it, so that one more changes none
#: of them: answered, missed, or closed with the stay on an earlier day.
#: The version is the newest in use on that day, else the first there is (`instrument.in_use`).
_FOLLOW_UPS = """
    WITH plain AS (
        SELECT due.id, due.stay, t.exited_on, due.day, due.day + 61 <= %s AS ran_out
        FROM (
            SELECT asked.id, asked.stay,
                (c.next_due_at AT TIME ZONE 'Europe/Amsterdam') AS at,
                (c.next_due_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
            FROM unnest(%s::uuid[], %s::uuid[]) AS asked(id, stay)
            JOIN questionnaires_cyclestate c ON c.trajectory_id = asked.stay
        ) due
        JOIN participants_trajectory t ON t.id = due.stay
        WHERE t.phase = 'former' AND t.follow_up_waived = '' AND due.day <= %s
            AND due.at = (t.exited_on + interval '3 months')::date
            AND t.ended_on <= due.day
            AND NOT EXISTS (
                SELECT FROM participants_trajectory newer
                WHERE newer.participant_id = t.participant_id
                    AND newer.signed_up_at > t.signed_up_at)
            AND NOT EXISTS (
                SELECT FROM participants_hold h WHERE h.trajectory_id = t.id
                    AND (upper_inf(h.days) OR upper(h.days) > due.day))
            AND NOT EXISTS (
                SELECT FROM questionnaires_invitation i WHERE i.trajectory_id = t.id
                    AND (i.wave = 'follow_up'
                        OR i.state NOT IN ('answered', 'missed', 'withdrawn') AND NOT (
                            i.state = 'closed' AND i.wave IN ('baseline', 'interim')
                                AND t.ended_on < due.day)
                        OR i.state <> 'withdrawn'
                            AND (i.earned_on >= due.day OR i.opened_on >= due.day)))
    ), opened AS (
        INSERT INTO questionnaires_invitation (id, trajectory_id, instrument_id, wave, sequence,
            earned_on, opened_on, due_on, state, reason)
        SELECT id, stay,
            (SELECT version FROM questionnaires_instrument
             ORDER BY in_use_from > day, abs(in_use_from - day) LIMIT 1),
            'follow_up', 1, day, day, day + 60,
            CASE WHEN ran_out THEN 'missed' ELSE 'open' END,
            jsonb_build_object('text', 'follow_up', 'exited_on', exited_on)
                || CASE WHEN ran_out THEN '{"missed": {"days": 60}}'::jsonb ELSE '{}'::jsonb END
        FROM plain
        ON CONFLICT DO NOTHING
    )
    UPDATE questionnaires_cyclestate c
    SET next_due_at = CASE WHEN plain.ran_out THEN NULL
        ELSE (plain.day + 61)::timestamp AT TIME ZONE 'Europe/Amsterdam' END
    FROM plain WHERE c.trajectory_id = plain.stay
    RETURNING c.trajectory_id
"""


def write_new(rows: Sequence[Row], version: str) -> None:
    """Waves that were not there yet; one that somebody else wrote meanwhile stays as it is."""
    waves = [wave for _stay, wave in rows]
    _ask(
        _NEW,
        version,
        [uuid7() for _wave in waves],
        [stay for stay, _wave in rows],
        [w.wave for w in waves],
        [w.sequence for w in waves],
        [w.opening for w in waves],
        [w.earned_on for w in waves],
        [w.opened_on for w in waves],
        [w.due_on for w in waves],
        [w.answered_on for w in waves],
        [w.state for w in waves],
        [json.dumps(w.reason) for w in waves],
    )


def write_changed(waves: Sequence[Standing], *, quiet_until: date) -> None:
    """The rows of these waves; who answered when, and with which version, is never written.

    What opens again writes to nobody before `quiet_until`: not on the day of a slip and its undo.
    """
    _ask(
        _CHANGED,
        quiet_until,
        [w.row for w in waves],
        [w.earned_on for w in waves],
        [w.opened_on for w in waves],
        [w.due_on for w in waves],
        [w.state for w in waves],
        [json.dumps(w.reason) for w in waves],
    )


def write_counters(counters: Sequence[tuple[UUID, Kept]]) -> None:
    """The counters of these stays, kept or new."""
    _ask(
        _COUNTERS,
        [stay for stay, _kept in counters],
        [kept.attended for _stay, kept in counters],
        [kept.last_answered_on for _stay, kept in counters],
        [kept.next_due_at for _stay, kept in counters],
    )


def open_follow_ups(stays: Collection[UUID], at: datetime) -> set[UUID]:
    """Open the follow-up of those of which nothing else can change; the others are to be judged.

    The stays are locked, and the moment at which time changes something (`next_due_at`) begins the
    day of the follow-up. Returns the stays that are done.
    """
    day = clock.day_of(at)
    keys = [uuid7() for _stay in stays]
    return {row[0] for row in _ask(_FOLLOW_UPS, day, keys, list(stays), day)}


def _ask(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
