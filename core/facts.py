"""Facts of many rules in one statement, put together once.

A rule of what waits says which rows it looks at (an ordinary queryset that starts at
`visible_to(user)`) and which columns it needs. `ask` reads the rows of all wanted rules in one
UNION ALL. Putting a query together costs Django ten times what PostgreSQL needs to answer it, so
each text is made once per process and per set of roles: for a stand-in user whose ids are marked,
and at two moments, so that it shows what moves with the clock. ADR 0016 has the figures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Generic, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet, Subquery, Value
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce, JSONObject
from psycopg import sql

from core import clock
from core.accounts.actors import Viewer
from core.accounts.standing_in import Key, Marked, key_of, stand_in
from core.facts_rows import reader_of

T = TypeVar("T")
#: The path of a column, or an expression.
Column = str | BaseExpression

#: The moments a text is made at. An odd time of day tells "now" from "midnight"; the months before
#: and after them have other lengths, so that a rule that counts in months is found out.
FIRST = datetime(2007, 3, 10, 12, 34, 56, 789012, tzinfo=clock.AMSTERDAM)
SECOND = datetime(2008, 4, 12, 7, 8, 9, 101112, tzinfo=clock.AMSTERDAM)


class FrozenMoment(Exception):
    """A text depends on the moment in a way that cannot be asked again at another one."""


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
    """Rows of one kind. `row`: the frozen dataclass that holds them; `rows`: for whom which.

    `columns` gives a field of `row` its path or expression where that is not its own name.
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
    text, values = _together(tuple(found), key_of(user))
    if not text:
        return found
    asked = Asked(user, clock.now())
    numbered = list(found)
    with connection.cursor() as cursor:
        cursor.execute(text, [value(asked) for value in values])
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

Later = Callable[[Asked], Any]


@cache
def _together(wanted: tuple[Facts[Any], ...], key: Key) -> tuple[str, tuple[Later, ...]]:
    texts: list[str] = []
    values: list[Later] = []
    for number, facts in enumerate(wanted):
        made = _text(facts, key)
        if made is not None:
            texts.append(f"(SELECT {number}, one.* FROM ({made[0]}) one)")  # noqa: S608
            values.extend(made[1])
    return " UNION ALL ".join(texts), tuple(values)


@cache
def _text(facts: Facts[Any], key: Key) -> tuple[str, tuple[Later, ...]] | None:
    """SQL of one kind of fact for who holds these roles; None where nothing can be found.

    Raises FrozenMoment.
    """
    try:
        (text, first), (again, second) = (_compiled(facts, key, at) for at in (FIRST, SECOND))
    except EmptyResultSet:
        return None
    if text != again:
        raise FrozenMoment(f"{facts.row.__name__} asks something else at another moment.")
    filled, values = _filled(text, first, second)
    return filled, tuple(values)


def _compiled(facts: Facts[Any], key: Key, at: datetime) -> tuple[str, list[Any]]:
    with clock.travel(at):
        rows = facts.rows(stand_in(key)).order_by()
        compiler = rows.values_list(facts.as_object()).query.get_compiler(using="default")
        text, params = compiler.as_sql()
    return text, list(params)


def _filled(text: str, first: list[Any], second: list[Any]) -> tuple[str, list[Later]]:
    """The text with what never changes written into it, and the values that are left to ask.

    `IN (%s)` of a mark that stands for many ids becomes `= ANY(%s)`: one text for any number.
    """
    pieces = re.split(r"(IN \(%s\)|%s)", text)
    left: list[Later] = []
    for at, param, other in zip(range(1, len(pieces), 2), first, second, strict=True):
        many = isinstance(param, Marked) and param.many
        if many and pieces[at] != "IN (%s)":
            raise FrozenMoment("A set of ids stands where one id is expected.")
        if many:
            pieces[at] = "= ANY(%s)"
        if param == other and not isinstance(param, Marked):
            literal = sql.quote(param, connection.connection).replace("%", "%%")
            pieces[at] = pieces[at].replace("%s", literal)
        else:
            left.append(_value(param, other))
    return "".join(pieces), left


def _value(first: Any, second: Any) -> Later:
    """What to ask instead of a value that was found at the two moments."""
    if isinstance(first, Marked):
        return first.of
    if isinstance(first, datetime) and isinstance(second, datetime):
        return _moment(clock.local(first), clock.local(second))
    if isinstance(first, date) and isinstance(second, date):
        ahead = first - FIRST.date()
        if second - SECOND.date() == ahead:
            return lambda asked: asked.day + ahead
    raise FrozenMoment(f"{first!r} becomes {second!r}, which is no fixed time from now.")


def _moment(first: datetime, second: datetime) -> Later:
    ahead: timedelta = first - FIRST
    if second - SECOND == ahead:
        return lambda asked: asked.now + ahead
    days = first.date() - FIRST.date()
    if second.date() - SECOND.date() == days and first.time() == second.time():
        return lambda asked: clock.at(asked.day + days, first.hour, first.minute)
    raise FrozenMoment(f"{first} becomes {second}, which is no fixed time from now.")
