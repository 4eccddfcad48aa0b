"""Facts of many rules in one statement.

A *fact* here is a row of the database as a rule wants it: a frozen dataclass with the few columns
it needs. `Facts` says which rows those are, as an ordinary queryset that starts at
`visible_to(user)`; what they mean is said elsewhere, by a pure function (`core.ports.Part`):

    @dataclass(frozen=True)
    class Worried:
        id: UUID
        name: str

    WORRIES = Facts(Worried, lambda user: Worry.objects.visible_to(user).open(),
                    {"name": "trajectory__participant__call_name"})

    ask(user, [WORRIES, PAUSED])[WORRIES]  # a list of Worried; one statement for both

`ask` joins the rows of everything that is wanted in one UNION ALL, each row as JSON
(`core.facts_rows` gives it its types back). The text is made once per process for each set of
roles (`core.ready_made`), with a stand-in for the user (`core.accounts.standing_in`). So the
function behind `rows` runs once and not per request: what it returns may depend on nothing but the
roles of the user, the id, and the moment as a fixed time from now. ADR 0016 has the figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet, Subquery, Value
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce, JSONObject

from core import clock
from core.accounts.actors import Viewer
from core.accounts.standing_in import Key, key_of, kinds_of, stand_in, values_of
from core.facts_rows import reader_of
from core.ready_made import Later, ReadyMade, Text

T = TypeVar("T")
#: The path of a column, or an expression.
Column = str | BaseExpression


@dataclass(frozen=True)
class Asked:
    """Who asks, and when: all that a pure rule knows beside its facts."""

    user: Viewer
    now: datetime

    @property
    def day(self) -> date:
        return clock.day_of(self.now)


@dataclass(frozen=True, eq=False)
class Facts(Generic[T]):
    """Rows of one kind. `row`: the frozen dataclass that holds each; `rows`: which, for a user.

    `columns` gives a field of `row` its path (`group__name`) or expression (`counted(...)`) where
    that is not its own name. Two with the same contents are still two: keep it as a constant.
    """

    row: type[T]
    rows: Callable[[Any], QuerySet[Any, Any]]
    columns: Mapping[str, Column] = field(default_factory=dict)

    def as_object(self) -> JSONObject:
        names = self.row.__dataclass_fields__  # type: ignore[attr-defined]
        found = {name: self.columns.get(name, name) for name in names}
        return JSONObject(**{k: F(v) if isinstance(v, str) else v for k, v in found.items()})


def ask(user: Viewer, wanted: Sequence[Facts[Any]]) -> dict[Facts[Any], list[Any]]:
    """The rows of each of `wanted` for this user now: one statement, whatever their number."""
    found: dict[Facts[Any], list[Any]] = {facts: [] for facts in wanted}
    key = key_of(user)
    text, params = _together(tuple(found), key)
    if not text:
        return found
    values = values_of(user, key)
    numbered = list(found)
    with connection.cursor() as cursor:
        cursor.execute(text, [param(values) for param in params])
        for number, row in cursor.fetchall():
            facts = numbered[number]
            data = json.loads(row) if isinstance(row, str) else row
            found[facts].append(reader_of(facts.row)(data))
    return found


def counted(rows: QuerySet[Any]) -> Coalesce:
    """How many rows of a related kind, as a column; `rows` names the row with OuterRef."""
    one = rows.order_by().annotate(of_all=Value("")).values("of_all")
    return Coalesce(Subquery(one.annotate(n=Count("pk")).values("n")), Value(0))


def nested(rows: QuerySet[Any], row: type[Any], **columns: Column) -> ArraySubquery:
    """Rows of a related kind, in their order, as a tuple of `row` inside the outer row."""
    one = rows.values_list(Facts(row, lambda user: rows, columns).as_object())
    return ArraySubquery(one)


# ---- One text ------------------------------------------------------------------------------


@cache
def _together(wanted: tuple[Facts[Any], ...], key: Key) -> tuple[str, tuple[Later, ...]]:
    texts: list[str] = []
    params: list[Later] = []
    for number, facts in enumerate(wanted):
        made = _text(facts, key)
        if made is not None:
            texts.append(f"(SELECT {number}, one.* FROM ({made.sql}) one)")  # noqa: S608
            params.extend(made.params)
    return " UNION ALL ".join(texts), tuple(params)


@cache
def _text(facts: Facts[Any], key: Key) -> Text | None:
    """SQL of one kind of fact for who holds these roles; None where nothing can be found."""

    def rows(**places: Any) -> QuerySet[Any, Any]:
        found = facts.rows(stand_in(key, places)).order_by()
        return found.values_list(facts.as_object())

    try:
        return ReadyMade(tuple, rows, **kinds_of(key)).text
    except EmptyResultSet:
        return None
