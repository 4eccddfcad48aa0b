"""Which people are found by a part of their name: within reach, running stays first (R-373).

The statements are fixed and read one index each, in the order in which hits are shown; whoever has
enough looks no further (docs/adr/0019 has the figures of the shapes that were tried). What is
within reach comes in as ids, so that a name elsewhere is never compared.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from participants.models import Recusal, Trajectory
from participants.permissions import SEE_APPLICANTS, SEE_FILE, SEE_JOURNEY

Phase = Trajectory.Phase

# Only our own words are put together here; what is typed goes in as a parameter.
_OVER = "phase IN ('former', 'referred', 'withdrawn')"
_ARRIVING = "phase IN ('signed_up', 'intake')"
_NOT_RECUSED = """participant_id NOT IN (
    SELECT participant_id FROM participants_recusal
    WHERE worker_id = %(user)s AND ended_at IS NULL
)"""
_HERE = f"""FROM participants_trajectory
    WHERE group_id = ANY(%(groups)s::uuid[]) AND search_name LIKE %(part)s AND {_NOT_RECUSED}"""
_NOBODYS = f"""FROM participants_trajectory
    WHERE group_id IS NULL AND region_id = ANY(%(regions)s::uuid[])
    AND NOT ({_OVER}) AND {_ARRIVING} AND search_name LIKE %(part)s AND {_NOT_RECUSED}"""
#: Who has stopped comes last; in either, names that begin so come first.
STAGES = (
    f"""SELECT id FROM (
        SELECT id, search_name {_HERE} AND NOT ({_OVER}) AND (
            group_id = ANY(%(own)s::uuid[]) OR NOT ({_ARRIVING}) OR id = ANY(%(alone)s::uuid[])
        )
        UNION ALL SELECT id, search_name {_NOBODYS}
    ) running ORDER BY search_name NOT LIKE %(start)s, search_name, id LIMIT %(most)s""",  # noqa: S608
    f"""SELECT id {_HERE} AND {_OVER} AND search_name LIKE %(start)s
    ORDER BY search_name, id LIMIT %(most)s""",
    f"""SELECT id {_HERE} AND {_OVER} AND search_name NOT LIKE %(start)s
    ORDER BY search_name, id LIMIT %(most)s""",
)


@dataclass(frozen=True)
class People:
    """Whose names are compared: everybody of `own` groups, who was placed in `others`, and of
    `regions` who signed up and has no group.
    """

    own: frozenset[UUID]
    others: frozenset[UUID]
    regions: frozenset[UUID]


def within_reach(user: Viewer, region_of: dict[UUID, UUID]) -> People:
    """`region_of`: the groups this user may see. A role lends nothing to another of the same user:
    what a manager sees of a group is no reason to find its people.
    """
    own = reach(user, SEE_FILE).groups
    followed = reach(user, SEE_JOURNEY).regions
    others = frozenset(g for g, region in region_of.items() if region in followed) - own
    return People(own, others, reach(user, SEE_APPLICANTS).regions)


def named(user: Viewer, people: People, wanted: str, most: int) -> list[UUID]:
    """The stays whose person is called so (`wanted` is folded), at most so many, in order."""
    if not (people.own or people.others or people.regions):
        return []
    safe = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    asked = {
        "user": user.pk,
        "groups": list(people.own | people.others),
        "own": list(people.own),
        "alone": _left_alone(user, people.regions),
        "regions": list(people.regions),
        "part": f"%{safe}%",
        "start": f"{safe}%",
    }
    found: list[UUID] = []
    with connection.cursor() as cursor:
        for stage in STAGES:
            cursor.execute(stage, asked | {"most": most - len(found)})
            found += [row[0] for row in cursor.fetchall()]
            if len(found) >= most:
                break
    return found


def _left_alone(user: Viewer, regions: Collection[UUID]) -> list[UUID]:
    """Sign-ups of the region whose every worker stays out: hers, although they have a group."""
    if not regions:
        return []
    out = Recusal.objects.in_force().filter(
        participant__trajectories__region__in=regions,
        participant__trajectories__phase__in=Phase.ARRIVING,
    )
    people = set(out.values_list("participant_id", flat=True))
    if not people:
        return []
    theirs = Trajectory.objects.applicants_visible_to(user).filter(
        participant__in=people, group__isnull=False
    )
    return list(theirs.values_list("pk", flat=True))
