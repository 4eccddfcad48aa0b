"""The statements that read groups in figures, put in order and cut in pages by the database.

Fixed text in parts; every value is bound, nothing that somebody typed is ever part of it. Set-based
over all groups in reach: the cost follows the number of groups, not of people times rules. The
rules of `groups.health.signs` and `joinus.home.attention.signs` stand here once more, as SQL.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache

from core.names import order_of
from joinus.home.attention.signs import GroupFacts

#: Evenings that are over: nothing is inferred from the sheet of one that still runs (C-44).
#: `groups.models.meetings.has_ended` once more.
_OVER = "least(m.closed_at, m.ends_at) <= %(now)s"
#: How a reach becomes part of the text; the ids are bound.
_PLACES = {
    "regions": "l.region_id = ANY(%(regions)s::uuid[])",
    "organisations": "l.organisation_id = ANY(%(organisations)s::uuid[])",
    "groups": "g.id = ANY(%(groups)s::uuid[])",
}
_WITHIN = """
places AS MATERIALIZED (
    SELECT g.id, g.name, l.region_id, l.organisation_id, o.name AS organisation, g.state,
           g.capacity, g.places_taken
    FROM organisations_group g
    JOIN organisations_location l ON l.id = g.location_id
    JOIN organisations_organisation o ON o.id = l.organisation_id
    WHERE g.state <> 'preparing' AND ({where})
),"""
_WORKERS_AND_SEATS = f"""
workers AS (
    SELECT r.group_id,
           count(DISTINCT r.user_id) FILTER (
               WHERE u.is_active AND (r.valid_until IS NULL OR r.valid_until >= %(day)s)
           ) AS n,
           max(r.valid_until) FILTER (WHERE r.valid_until < %(day)s) AS left_on
    FROM places g
    JOIN accounts_roleassignment r ON r.group_id = g.id
    JOIN accounts_user u ON u.id = r.user_id
    WHERE r.role = 'youth_worker' AND r.valid_from <= %(day)s
    GROUP BY r.group_id
),
seats AS (
    SELECT p.group_id,
           count(*) FILTER (WHERE p.last_day IS NULL) AS n,
           count(*) FILTER (WHERE NOT p.trial AND p.first_day <= %(day)s AND (
               p.last_day IS NULL OR p.last_day >= %(day)s AND EXISTS (
                   SELECT 1 FROM groups_placement later
                   WHERE later.trajectory_id = p.trajectory_id AND later.group_id <> p.group_id
                     AND later.last_day IS NULL AND later.first_day > %(day)s
               )
           )) AS taking_part,
           max(p.last_day) FILTER (WHERE NOT p.trial) AS left_on
    FROM places g JOIN groups_placement p ON p.group_id = g.id
    GROUP BY p.group_id
),
queue AS (
    SELECT t.group_id, count(*) AS n, min(t.waiting_since) AS oldest
    FROM places g JOIN participants_trajectory t ON t.group_id = g.id
    WHERE t.waiting_since IS NOT NULL AND t.phase = ANY(%(arriving)s)
    GROUP BY t.group_id
),
unkept AS (
    SELECT m.group_id, count(*) AS n, max(m.date) AS newest
    FROM places g JOIN groups_meeting m ON m.group_id = g.id
    WHERE m.status = 'held' AND m.date BETWEEN %(look_back)s AND %(logbook_due)s
      AND {_OVER}
      AND NOT EXISTS (SELECT 1 FROM groups_logbookpart p
                      WHERE p.meeting_id = m.id AND p.filled AND p.kind <> 'feedback')
      AND NOT EXISTS (SELECT 1 FROM groups_talk t
                      WHERE t.meeting_id = m.id AND t.taken_back_at IS NULL)
    GROUP BY m.group_id
),"""  # noqa: S608
#: What takes long to count: twelve weeks of attendance, and every wave that was ever asked.
_COUNTED_NOW = f"""
evenings AS (
    SELECT m.group_id, count(*) FILTER (WHERE m.status = 'held') AS held, count(*) AS past
    FROM places g JOIN groups_meeting m ON m.group_id = g.id
    WHERE m.status <> 'cancelled' AND m.date >= %(since)s AND {_OVER}
    GROUP BY m.group_id
),
presence AS (
    SELECT m.group_id, count(*) FILTER (WHERE a.state = 'present') AS present,
           count(*) AS expected
    FROM places g
    JOIN groups_meeting m ON m.group_id = g.id
    JOIN groups_attendance a ON a.meeting_id = m.id
    WHERE m.status = 'held' AND m.date >= %(since)s AND a.state <> 'not_recorded' AND {_OVER}
    GROUP BY m.group_id
),
waves AS (
    SELECT t.group_id, count(*) FILTER (WHERE i.state = 'answered') AS answered,
           count(*) AS asked
    FROM places g
    JOIN participants_trajectory t ON t.group_id = g.id
    JOIN questionnaires_invitation i ON i.trajectory_id = t.id
    WHERE i.state IN ('answered', 'missed')
    GROUP BY t.group_id
),
slow AS (
    SELECT g.id AS group_id, e.held, e.past, p.present, p.expected, v.answered, v.asked,
           %(now)s AS at
    FROM places g
    LEFT JOIN evenings e ON e.group_id = g.id
    LEFT JOIN presence p ON p.group_id = g.id
    LEFT JOIN waves v ON v.group_id = g.id
),"""  # noqa: S608
_COUNTED_BEFORE = """
slow AS (
    SELECT f.group_id, f.held, f.past, f.present, f.expected, f.answered, f.asked, f.at
    FROM places g JOIN home_groupfigures f ON f.group_id = g.id
),"""
_FACTS = f"""
facts AS MATERIALIZED (
    SELECT g.id, g.name, g.region_id, g.organisation_id, g.organisation, g.state, g.capacity,
           g.places_taken, coalesce(w.n, 0) AS workers, w.left_on AS worker_left_on,
           coalesce(s.n, 0) AS seats, coalesce(s.taking_part, 0) AS taking_part,
           s.left_on AS seat_left_on, coalesce(q.n, 0) AS waiting, q.oldest,
           coalesce(f.held, 0) AS held, coalesce(f.past, 0) AS past,
           last.id IS NOT NULL OR coalesce(
               (SELECT true FROM groups_meeting m
                WHERE m.group_id = g.id AND m.status = 'held' AND {_OVER} LIMIT 1), false) AS met,
           coalesce(f.present, 0) AS present, coalesce(f.expected, 0) AS expected,
           (SELECT max(m.date) FROM groups_meeting m
            WHERE m.group_id = g.id AND m.status <> 'cancelled'
              AND {_OVER}) AS last_on,
           (SELECT min(m.date) FROM groups_meeting m
            WHERE m.group_id = g.id AND m.status <> 'cancelled'
              AND NOT {_OVER}) AS next_on,
           last.id AS evening, last.date AS evening_on, last.here,
           coalesce(b.n, 0) AS unkept, b.newest AS unkept_on,
           coalesce(f.answered, 0) AS answered, coalesce(f.asked, 0) AS asked, f.at
    FROM places g
    LEFT JOIN workers w ON w.group_id = g.id
    LEFT JOIN seats s ON s.group_id = g.id
    LEFT JOIN queue q ON q.group_id = g.id
    LEFT JOIN unkept b ON b.group_id = g.id
    LEFT JOIN slow f ON f.group_id = g.id
    LEFT JOIN LATERAL (
        SELECT m.id, m.date,
               (SELECT count(*) FROM groups_attendance a
                WHERE a.meeting_id = m.id AND a.state = 'present') AS here
        FROM groups_meeting m
        WHERE m.group_id = g.id AND m.status = 'held' AND m.date >= %(look_back)s
          AND {_OVER}
        ORDER BY m.date DESC LIMIT 1
    ) last ON true
)"""  # noqa: S608
#: The rule as SQL, over a relation `facts`: what asks attention, and how much a group needs it.
RULE = """
signs AS (
    SELECT f.id, sign.kind, sign.need, sign.mark, seen.kind IS NOT NULL AS is_seen
    FROM facts f
    CROSS JOIN LATERAL (VALUES
        ('workers', CASE WHEN f.workers = 0 THEN 0 ELSE 1 END,
         f.workers || ':' || coalesce(to_char(f.worker_left_on, 'YYYY-MM-DD'), ''),
         f.state <> 'closed' AND f.workers < %(two_workers)s),
        ('waiting_list', 2, f.waiting || ':' || to_char(f.oldest, 'YYYY-MM-DD'),
         f.state <> 'closed' AND f.oldest <= %(long_ago)s),
        ('small_group', 2,
         f.taking_part || ':' || coalesce(to_char(f.seat_left_on, 'YYYY-MM-DD'), ''),
         f.state <> 'closed' AND f.taking_part < %(smallest)s AND (f.seats > 0 OR f.met)),
        ('no_logbook', 2,
         f.unkept || ':' || coalesce(to_char(f.unkept_on, 'YYYY-MM-DD'), ''),
         f.state <> 'closed' AND f.unkept > 0),
        ('rhythm', 3,
         to_char(f.last_on, 'YYYY-MM-DD') || ':' || coalesce(to_char(f.next_on, 'YYYY-MM-DD'), ''),
         f.state <> 'closed' AND f.seats > 0 AND f.last_on < %(too_long_ago)s
         AND f.next_on IS DISTINCT FROM %(rule_day)s),
        ('small_evening', 3, f.here || ':' || f.evening, f.here < %(smallest)s)
    ) AS sign (kind, need, mark, holds)
    LEFT JOIN home_signseen seen ON seen.user_id = %(user)s
         AND seen.group_id = f.id AND seen.kind = sign.kind AND seen.mark = sign.mark
    WHERE sign.holds
),
ranked AS (
    SELECT f.*,
           CASE WHEN n.id IS NULL THEN 4 ELSE coalesce(n.need, 5) END::smallint AS need,
           coalesce(n.signs, '{}') AS signs, coalesce(n.seen, '{}') AS seen
    FROM facts f
    LEFT JOIN (
        SELECT id, min(need) FILTER (WHERE NOT is_seen) AS need,
               array_agg(kind) FILTER (WHERE NOT is_seen) AS signs,
               array_agg(kind) FILTER (WHERE is_seen) AS seen
        FROM signs GROUP BY id
    ) n ON n.id = f.id
)"""
#: The whole country as it was counted last: nothing is aggregated but what is shown.
_COUNTED = """
ranked AS (
    SELECT g.id, g.name, l.region_id, l.organisation_id, o.name AS organisation, g.state,
           g.capacity, g.places_taken, {columns}, f.at,
           coalesce(f.need, 4) AS need, coalesce(f.signs, '{{}}') AS signs, '{{}}'::text[] AS seen
    FROM organisations_group g
    JOIN organisations_location l ON l.id = g.location_id
    JOIN organisations_organisation o ON o.id = l.organisation_id
    LEFT JOIN home_groupfigures f ON f.group_id = g.id
    WHERE g.state <> 'preparing'
)"""
_PAGE = """
wanted AS MATERIALIZED (
    SELECT r.* FROM ranked r
    WHERE {filters}
),
totals AS (
    SELECT count(*) AS groups, count(*) FILTER (WHERE need < 4) AS asking,
           count(*) FILTER (WHERE seen <> '{{}}') AS seen,
           coalesce(sum(places_taken), 0) AS people,
           coalesce(sum(present), 0) AS present, coalesce(sum(expected), 0) AS expected,
           coalesce(sum(answered), 0) AS answered, coalesce(sum(asked), 0) AS asked,
           coalesce(sum(waiting), 0) AS waiting,
           (SELECT coalesce(json_object_agg(kind, n), '{{}}')
            FROM (SELECT kind, count(*) AS n FROM ranked, unnest(signs) AS kind GROUP BY kind) k)
               AS kinds,
           (SELECT count(*) FROM wanted) AS matches, max(at) AS at
    FROM ranked
)"""
#: What somebody may ask of the list; only what was asked for is part of the text.
FILTERS: Mapping[str, str] = {
    "asks": "r.need < 4",
    "seen": "r.seen <> '{}'",
    "kind": "%(show)s = ANY(r.signs)",
    "region": "r.region_id = %(region)s::uuid",
    "organisation": "r.organisation_id = %(organisation)s::uuid",
    "words": ("strpos(name_folded(r.name || ' ' || r.organisation), %(words)s) > 0"),
}
COLUMNS = tuple(column.name for column in fields(GroupFacts))
TOTALS = (
    "groups", "asking", "seen", "people", "present", "expected", "answered", "asked", "waiting",
    "kinds", "matches", "at",
)  # fmt: skip
#: What a projection keeps of the facts: all that is not written on the group and its place.
KEPT = COLUMNS[COLUMNS.index("workers") :]
_NUMBERS = {name for name in KEPT if GroupFacts.__annotations__[name] is int}
BY_NAME, BY_NAME_OF_W = order_of("name"), order_of("w.name")
_ROWS = f"""
SELECT {", ".join(f"t.{name}" for name in TOTALS)}, w.need, w.seen,
       {", ".join(f"w.{name}" for name in COLUMNS)}
FROM totals t
LEFT JOIN (
    SELECT * FROM wanted ORDER BY need, oldest NULLS LAST, {BY_NAME}, id LIMIT %(size)s
    OFFSET (SELECT least(%(page)s - 1, greatest(matches - 1, 0) / %(size)s) * %(size)s FROM totals)
) w ON true
ORDER BY w.need, w.oldest NULLS LAST, {BY_NAME_OF_W}, w.id"""  # noqa: S608
_JUST_FACTS = f"""
SELECT {", ".join(COLUMNS)} FROM facts ORDER BY {BY_NAME}, id"""  # noqa: S608
_KEEP = f"""
INSERT INTO home_groupfigures (group_id, need, signs, at, {", ".join(KEPT)})
SELECT id, need, signs, at, {", ".join(KEPT)} FROM ranked ORDER BY id
ON CONFLICT (group_id) DO UPDATE SET
    {", ".join(f"{name} = EXCLUDED.{name}" for name in ("need", "signs", "at", *KEPT))}"""  # noqa: S608


@cache
def page(scope: tuple[str, ...], filters: tuple[str, ...]) -> str:
    """A page of groups with the totals of all: `scope` names parts of a reach, () the country."""
    where = " AND ".join(FILTERS[name] for name in filters) or "true"
    shown = _PAGE.format(filters=where)
    if not scope:
        kept = ", ".join(
            f"coalesce(f.{name}, {0 if name in _NUMBERS else 'false'}) AS {name}"
            if name in _NUMBERS or name == "met"
            else f"f.{name}"
            for name in KEPT
        )
        return f"WITH {_COUNTED.format(columns=kept)},{shown}{_ROWS}"
    live = f"{_within(scope)}{_WORKERS_AND_SEATS}{_COUNTED_BEFORE}{_FACTS},{RULE}"
    return f"WITH {live},{shown}{_ROWS}"


@cache
def facts(scope: tuple[str, ...]) -> str:
    """Only the facts, of all groups within these parts of a reach."""
    return f"WITH {_within(scope)}{_WORKERS_AND_SEATS}{_COUNTED_BEFORE}{_FACTS}{_JUST_FACTS}"


def count() -> str:
    """Counts every group anew and keeps what was found."""
    everywhere = _WITHIN.format(where="true")
    return f"WITH {everywhere}{_WORKERS_AND_SEATS}{_COUNTED_NOW}{_FACTS},{RULE}{_KEEP}"


def _within(scope: tuple[str, ...]) -> str:
    return _WITHIN.format(where=" OR ".join(_PLACES[name] for name in scope))
