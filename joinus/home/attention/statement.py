"""The one statement that reads groups in figures, put in order and cut in pages by the database.

Fixed text in parts; every value is bound, nothing that somebody typed is ever part of it. Set-based
over all groups in reach: the cost follows the number of groups, not of people times rules. The
rule of `joinus.home.attention.signs` stands here once more, as SQL.
"""

from dataclasses import fields

from joinus.home.attention.signs import GroupFacts

_WITHIN = """
here AS (
    SELECT g.id FROM organisations_group g JOIN organisations_location l ON l.id = g.location_id
    WHERE l.region_id = ANY(%(regions)s::uuid[])
    UNION
    SELECT g.id FROM organisations_group g JOIN organisations_location l ON l.id = g.location_id
    WHERE l.organisation_id = ANY(%(organisations)s::uuid[])
    UNION
    SELECT unnest(%(groups)s::uuid[])
),"""
_EVERYWHERE = """
here AS (SELECT g.id FROM organisations_group g),"""
_FACTS = """
places AS MATERIALIZED (
    SELECT g.id, g.name, l.region_id, l.organisation_id, o.name AS organisation, g.state,
           g.capacity, g.places_taken
    FROM here
    JOIN organisations_group g ON g.id = here.id
    JOIN organisations_location l ON l.id = g.location_id
    JOIN organisations_organisation o ON o.id = l.organisation_id
    WHERE g.state <> 'preparing'
),
workers AS (
    SELECT r.group_id,
           count(DISTINCT r.user_id) FILTER (
               WHERE u.is_active AND (r.valid_until IS NULL OR r.valid_until >= %(day)s)
           ) AS n,
           max(r.valid_until) FILTER (WHERE r.valid_until < %(day)s) AS left_on
    FROM accounts_roleassignment r
    JOIN accounts_user u ON u.id = r.user_id
    WHERE r.role = 'youth_worker' AND r.valid_from <= %(day)s
      AND r.group_id IN (SELECT id FROM places)
    GROUP BY r.group_id
),
seats AS (
    SELECT p.group_id,
           count(*) FILTER (WHERE p.last_day IS NULL) AS n,
           count(*) FILTER (WHERE p.last_day IS NULL AND NOT p.trial) AS taking_part,
           max(p.last_day) FILTER (WHERE NOT p.trial) AS left_on
    FROM groups_placement p
    WHERE p.group_id IN (SELECT id FROM places)
    GROUP BY p.group_id
),
queue AS (
    SELECT t.group_id, count(*) AS n, min(t.waiting_since) AS oldest
    FROM participants_trajectory t
    WHERE t.waiting_since IS NOT NULL AND t.phase = ANY(%(arriving)s)
      AND t.group_id IN (SELECT id FROM places)
    GROUP BY t.group_id
),
evenings AS (
    SELECT m.group_id, count(*) FILTER (WHERE m.status = 'held') AS held, count(*) AS past
    FROM groups_meeting m
    WHERE m.status <> 'cancelled' AND m.date >= %(since)s AND m.date < %(day)s
      AND m.group_id IN (SELECT id FROM places)
    GROUP BY m.group_id
),
presence AS (
    SELECT m.group_id, count(*) FILTER (WHERE a.state = 'present') AS here, count(*) AS n
    FROM groups_meeting m
    JOIN groups_attendance a ON a.meeting_id = m.id
    WHERE m.status = 'held' AND m.date >= %(since)s AND a.state <> 'not_recorded'
      AND m.group_id IN (SELECT id FROM places)
    GROUP BY m.group_id
),
waves AS (
    SELECT t.group_id, count(*) FILTER (WHERE i.state = 'answered') AS answered, count(*) AS n
    FROM questionnaires_invitation i
    JOIN participants_trajectory t ON t.id = i.trajectory_id
    WHERE i.state IN ('answered', 'missed') AND t.group_id IN (SELECT id FROM places)
    GROUP BY t.group_id
),
lately AS (
    SELECT DISTINCT ON (m.group_id) m.group_id, m.id, m.date,
           (SELECT count(*) FROM groups_attendance a
            WHERE a.meeting_id = m.id AND a.state = 'present') AS here
    FROM groups_meeting m
    WHERE m.status = 'held' AND m.date >= %(look_back)s AND m.ends_at <= %(now)s
      AND m.group_id IN (SELECT id FROM places)
    ORDER BY m.group_id, m.date DESC
),
facts AS MATERIALIZED (
    SELECT g.id, g.name, g.region_id, g.organisation_id, g.organisation, g.state, g.capacity,
           g.places_taken, coalesce(w.n, 0) AS workers, w.left_on AS worker_left_on,
           coalesce(s.n, 0) AS seats, coalesce(s.taking_part, 0) AS taking_part,
           s.left_on AS seat_left_on, coalesce(q.n, 0) AS waiting, q.oldest,
           coalesce(e.held, 0) AS held, coalesce(e.past, 0) AS past,
           EXISTS (SELECT FROM groups_meeting m
                   WHERE m.group_id = g.id AND m.status = 'held') AS met,
           coalesce(p.here, 0) AS present, coalesce(p.n, 0) AS expected,
           last.id AS evening, last.date AS evening_on, last.here,
           coalesce(v.answered, 0) AS answered, coalesce(v.n, 0) AS asked
    FROM places g
    LEFT JOIN workers w ON w.group_id = g.id
    LEFT JOIN seats s ON s.group_id = g.id
    LEFT JOIN queue q ON q.group_id = g.id
    LEFT JOIN evenings e ON e.group_id = g.id
    LEFT JOIN presence p ON p.group_id = g.id
    LEFT JOIN waves v ON v.group_id = g.id
    LEFT JOIN lately last ON last.group_id = g.id
)"""
#: The rule as SQL, over a relation `facts`: what asks attention, and how much a group needs it.
RULE = """
seen AS (
    SELECT s.group_id, s.kind, s.mark FROM groups_signseen s WHERE s.user_id = %(user)s
),
signs AS MATERIALIZED (
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
        ('small_evening', 3, f.here || ':' || f.evening, f.here < %(smallest)s)
    ) AS sign (kind, need, mark, holds)
    LEFT JOIN seen ON seen.group_id = f.id AND seen.kind = sign.kind AND seen.mark = sign.mark
    WHERE sign.holds
),
needs AS (
    SELECT id, coalesce(min(need) FILTER (WHERE NOT is_seen), 5) AS need,
           array_agg(kind) FILTER (WHERE is_seen) AS seen
    FROM signs GROUP BY id
),
ranked AS (
    SELECT f.*, coalesce(n.need, 4) AS need, coalesce(n.seen, '{}') AS seen
    FROM facts f LEFT JOIN needs n ON n.id = f.id
)"""
_PAGE = """
wanted AS MATERIALIZED (
    SELECT r.* FROM ranked r
    WHERE (%(show)s = 'all'
           OR (%(show)s = 'asks' AND r.need < 4)
           OR (%(show)s = 'seen' AND r.seen <> '{}')
           OR EXISTS (SELECT FROM signs x
                      WHERE x.id = r.id AND x.kind = %(show)s AND NOT x.is_seen))
      AND (%(region)s::uuid IS NULL OR r.region_id = %(region)s::uuid)
      AND (%(organisation)s::uuid IS NULL OR r.organisation_id = %(organisation)s::uuid)
      AND (%(words)s = '' OR strpos(
           regexp_replace(normalize(lower(r.name || ' ' || r.organisation), NFD),
                          '[\\u0300-\\u036f]', '', 'g'),
           %(words)s) > 0)
),
totals AS (
    SELECT count(*) AS groups, count(*) FILTER (WHERE need < 4) AS asking,
           count(*) FILTER (WHERE seen <> '{}') AS seen,
           coalesce(sum(places_taken), 0) AS people,
           coalesce(sum(present), 0) AS present, coalesce(sum(expected), 0) AS expected,
           coalesce(sum(answered), 0) AS answered, coalesce(sum(asked), 0) AS asked,
           coalesce(sum(waiting), 0) AS waiting,
           (SELECT coalesce(json_object_agg(kind, n), '{}')
            FROM (SELECT kind, count(*) AS n FROM signs WHERE NOT is_seen GROUP BY kind) k)
               AS kinds,
           (SELECT count(*) FROM wanted) AS matches
    FROM ranked
)
"""
COLUMNS = tuple(column.name for column in fields(GroupFacts))
TOTALS = (
    "groups", "asking", "seen", "people", "present", "expected", "answered", "asked", "waiting",
    "kinds", "matches",
)  # fmt: skip
_ORDER = "need, oldest NULLS LAST, name, id"
_ROWS = f"""
SELECT {", ".join(f"t.{name}" for name in TOTALS)}, w.need, w.seen,
       {", ".join(f"w.{name}" for name in COLUMNS)}
FROM totals t
LEFT JOIN (
    SELECT * FROM wanted ORDER BY {_ORDER} LIMIT %(size)s
    OFFSET (SELECT least(%(page)s - 1, greatest(matches - 1, 0) / %(size)s) * %(size)s FROM totals)
) w ON true
ORDER BY w.need, w.oldest NULLS LAST, w.name, w.id"""  # noqa: S608
_JUST_FACTS = f"""
SELECT {", ".join(COLUMNS)} FROM facts ORDER BY name, id"""  # noqa: S608

#: A page of groups with the totals of all of them: within a reach, and of the whole country.
PAGE_WITHIN = f"WITH {_WITHIN}{_FACTS},{RULE},{_PAGE}{_ROWS}"
PAGE_EVERYWHERE = f"WITH {_EVERYWHERE}{_FACTS},{RULE},{_PAGE}{_ROWS}"
#: Only the facts, of all groups within a reach.
FACTS_WITHIN = f"WITH {_WITHIN}{_FACTS}{_JUST_FACTS}"
