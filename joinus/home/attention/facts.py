"""Groups in figures: read by one statement, whatever their number, and counted once an hour."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import Reach
from core.names import typed
from core.organisations.models import SMALLEST_GROUP
from core.pages import A_PAGE
from groups.health.signs import TOO_LONG, WORKERS
from groups.logbook.overdue import LOOK_BACK, due_on
from joinus.home.attention import statement
from joinus.home.attention.signs import LONG_WAIT, GroupFacts
from participants.models import Trajectory

LAST_WEEKS = 12
LONGEST_WORDS = 80
#: The largest page number that is looked for; what lies beyond the last page is the last page.
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """Which groups somebody wants to see. `show`: all, asks, seen or one kind of sign."""

    show: str = "all"
    words: str = ""
    region: UUID | None = None
    organisation: UUID | None = None
    page: int = 1


@dataclass(frozen=True)
class Line:
    """A group on somebody's page, `need` and `seen` kinds as the database ranked it."""

    facts: GroupFacts
    need: int
    seen: frozenset[str]


@dataclass(frozen=True)
class Totals:
    """Over every group in reach, whatever is filtered.

    `kinds`: groups with a sign not seen yet; `at`: when attendance and response were counted.
    """

    groups: int
    asking: int
    seen: int
    people: int
    present: int
    expected: int
    answered: int
    asked: int
    waiting: int
    kinds: Mapping[str, int]
    matches: int
    at: datetime | None

    @property
    def attendance(self) -> int | None:
        return round(100 * self.present / self.expected) if self.expected else None

    @property
    def response(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.asked else None

    @property
    def mean_group(self) -> float:
        return round(self.people / self.groups, 1) if self.groups else 0


def page_of_groups(user: Viewer, far: Reach, wanted: Wanted) -> tuple[Totals, list[Line]]:
    """Groups within `far`, who needs somebody most first, then who waits longest, then the name.

    A page beyond the end is the last one. One statement. The whole country is read as it was
    counted last (`count_groups`); within a reach only the figures of the last weeks are.
    """
    given = _scope(far) | facts_bound() | rule_bound(user)
    given |= {
        "show": wanted.show,
        "words": wanted.words,
        "region": wanted.region,
        "organisation": wanted.organisation,
        "page": min(max(wanted.page, 1), LAST_PAGE),
        "size": A_PAGE,
    }
    rows = _ask(statement.page(_parts(far), _filters(wanted)), given)
    many = len(statement.TOTALS)
    lines = [
        Line(GroupFacts(*row[many + 2 :]), row[many], frozenset(row[many + 1]))
        for row in rows
        if row[many] is not None
    ]
    return _totals(rows[0][:many]), lines


def facts_of(far: Reach) -> list[GroupFacts]:
    """The facts of the groups within `far`, by name; not for the whole country. One statement."""
    if not far or far.national:
        return []
    rows = _ask(statement.facts(_parts(far)), _scope(far) | facts_bound())
    return [GroupFacts(*row) for row in rows]


@transaction.atomic
def count_groups() -> None:
    """Count every group anew and keep the figures: set-based, safe to run twice and at once."""
    given = facts_bound() | rule_bound(None)
    with connection.cursor() as cursor:
        cursor.execute(statement.count(), given)


def _parts(far: Reach) -> tuple[str, ...]:
    if far.national:
        return ()
    return tuple(name for name, ids in _scope(far).items() if ids)


def _filters(wanted: Wanted) -> tuple[str, ...]:
    found = [wanted.show if wanted.show in ("asks", "seen") else "kind"]
    if wanted.show == "all":
        found = []
    for name in ("words", "region", "organisation"):
        if getattr(wanted, name):
            found.append(name)
    return tuple(found)


def folded(words: str) -> str:
    """What somebody typed, as names are compared (core.names), without control signs."""
    return typed("".join(c for c in words[:LONGEST_WORDS] if c.isprintable()))


def _scope(far: Reach) -> dict[str, Any]:
    return {
        "regions": list(far.regions),
        "organisations": list(far.organisations),
        "groups": list(far.groups),
    }


def facts_bound() -> dict[str, Any]:
    """What the part of the statement that reads facts is bound to today."""
    day = clock.today()
    return {
        "day": day,
        "now": clock.now(),
        "since": day - timedelta(weeks=LAST_WEEKS),
        "look_back": day - LOOK_BACK,
        "logbook_due": due_on(day),
        "arriving": list(Trajectory.Phase.ARRIVING),
    }


def rule_bound(user: Viewer | None) -> dict[str, Any]:
    """What the rule is bound to: the same numbers as in Python, and whose seen signs count."""
    return {
        "user": user.pk if user else None,
        "long_ago": clock.today() - LONG_WAIT,
        "too_long_ago": clock.today() - TOO_LONG,
        "rule_day": clock.today(),
        "two_workers": WORKERS,
        "smallest": SMALLEST_GROUP,
    }


def _totals(row: Iterable[Any]) -> Totals:
    found = dict(zip(statement.TOTALS, row, strict=True))
    kinds = found["kinds"]
    return Totals(**found | {"kinds": json.loads(kinds) if isinstance(kinds, str) else kinds})


def _ask(text: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        rows: list[Any] = cursor.fetchall()
        return rows
