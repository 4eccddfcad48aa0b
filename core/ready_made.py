"""Statements that are put together once.

Putting a query together costs Django ten times what PostgreSQL needs to answer it. A `ReadyMade`
holds an ordinary queryset as a function of the values it is asked with; its SQL is made at the
first question and kept as long as the process. It is made twice, with other values and at another
moment, so that it shows which of its parameters are values, which move with the clock, and which
always stay the same; those are written into the text.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from psycopg import sql as composed

from core import clock

R = TypeVar("R")
M = TypeVar("M", bound=Model)

#: What stands for each kind of value while the text is made; `many` ids are one while it is made.
many = list[UUID]
#: What a parameter is when it is asked, from the values.
Later = Callable[[Mapping[str, Any]], Any]
#: An odd time of day tells "now" from "midnight"; the months before and after the two have other
#: lengths, so that a rule that counts in months is found out.
FIRST = datetime(2007, 3, 10, 12, 34, 56, 789012, tzinfo=clock.AMSTERDAM)
SECOND = datetime(2008, 4, 12, 7, 8, 9, 101112, tzinfo=clock.AMSTERDAM)


class NotReadyMade(Exception):
    """A parameter of the text is neither a value, nor the clock's, nor always the same."""


@dataclass(frozen=True)
class Text:
    """`%s` stands for each of `params`, in their order."""

    sql: str
    params: tuple[Later, ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]


class ReadyMade(Generic[R]):
    """`rows(**values)` gives a `values_list`; calling this with the values gives `row(*columns)`.

    `kinds` says what each value is: UUID, `many` (of them, asked with `pk__in`), str, date or
    datetime. The text may not depend on a value in another way, nor on the data; of the clock it
    may know a fixed time from now, a day or a midnight. Raises NotReadyMade.
    """

    def __init__(
        self, row: Callable[..., R], rows: Callable[..., QuerySet[Any, Any]], **kinds: Any
    ) -> None:
        self._row, self._rows, self._kinds = row, rows, kinds

    def __call__(self, **values: Any) -> list[R]:
        made = self.text
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [param(values) for param in made.params])
            found: Iterable[Sequence[Any]] = cursor.fetchall()
        if made.converters:
            found = [self._converted(row) for row in found]
        return [self._row(*row) for row in found]

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        columns = list(row)
        for at, converters, expression in self.text.converters:
            for convert in converters:
                columns[at] = convert(columns[at], expression, connection)
        return columns

    @cached_property
    def text(self) -> Text:
        """Raises Django's EmptyResultSet when no value can give a row."""
        (sql, first, compiler), (again, second, _compiler) = (self._made(n) for n in (0, 1))
        if sql != again:
            raise NotReadyMade("The text differs with the values, or with the moment.")
        filled, params = self._filled(sql, first, second)
        columns = compiler.get_converters([c[0] for c in compiler.select[: compiler.col_count]])
        return Text(filled, params, tuple((at, *of_it) for at, of_it in columns.items()))

    def _made(self, number: int) -> tuple[str, Sequence[Any], Any]:
        with clock.travel((FIRST, SECOND)[number]):
            samples = {
                name: [_sample(name, number)] if kind == many else _sample(name, number, kind)
                for name, kind in self._kinds.items()
            }
            compiler: Any = self._rows(**samples).query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, params = compiler.as_sql()
        return sql, params, compiler

    def _filled(
        self, sql: str, first: Sequence[Any], second: Sequence[Any]
    ) -> tuple[str, tuple[Later, ...]]:
        """`IN (%s)` of a value that is many becomes `= ANY(%s)`: one text for any number."""
        lists = [_sample(name, 0) for name, kind in self._kinds.items() if kind == many]
        pieces = re.split(r"(IN \(%s\)|%s)", sql)
        left: list[Later] = []
        for at, *pair in zip(range(1, len(pieces), 2), first, second, strict=True):
            if pair[0] in lists:
                if pieces[at] != "IN (%s)":
                    raise NotReadyMade("Many ids stand where one is expected.")
                pieces[at] = "= ANY(%s)"
            if type(pair[0]) is type(pair[1]) and pair[0] == pair[1]:
                pieces[at] = pieces[at].replace("%s", _literal(pair[0]))
            else:
                left.append(self._later(*pair))
        return "".join(pieces), tuple(left)

    def _later(self, first: Any, second: Any) -> Later:
        for name, kind in self._kinds.items():
            if (first, second) == tuple(_sample(name, number, kind) for number in (0, 1)):
                return _given(name)
        if isinstance(first, datetime) and isinstance(second, datetime):
            return _moment(clock.local(first), clock.local(second))
        if isinstance(first, date) and isinstance(second, date):
            ahead = first - clock.day_of(FIRST)
            if second - clock.day_of(SECOND) == ahead:
                return lambda _values: clock.today() + ahead
        raise NotReadyMade(f"{first!r} becomes {second!r}, which is no fixed time from now.")


def _given(name: str) -> Later:
    return lambda values: values[name]


def _moment(first: datetime, second: datetime) -> Later:
    ahead = first - FIRST
    if second - SECOND == ahead:
        return lambda _values: clock.now() + ahead
    days = clock.day_of(first) - clock.day_of(FIRST)
    if clock.day_of(second) - clock.day_of(SECOND) == days and first.time() == second.time():
        return lambda _values: clock.at(clock.today() + days, first.hour, first.minute)
    raise NotReadyMade(f"{first} becomes {second}, which is no fixed time from now.")


def _literal(value: Any) -> str:
    connection.ensure_connection()
    return composed.quote(value, connection.connection).replace("%", "%%")


def as_tuple(*values: Any) -> tuple[Any, ...]:
    """A row as it comes."""
    return values


class ReadyRows(ReadyMade[M]):
    """As `ReadyMade`, of rows of one model: of each only `columns` are read now."""

    def __init__(
        self,
        model: type[M],
        columns: Collection[str],
        rows: Callable[..., QuerySet[M]],
        **kinds: Any,
    ) -> None:
        read, row = row_of(model, columns)
        super().__init__(row, lambda **values: rows(**values).values_list(*read), **kinds)


def row_of(model: type[M], columns: Collection[str]) -> tuple[list[str], Callable[..., M]]:
    """The columns in the order of the model, and what makes one row of their values."""
    read = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return read, lambda *values: model.from_db(DEFAULT_DB_ALIAS, read, values)


def _sample(name: str, number: int, kind: Any = UUID) -> Any:
    if kind is str:
        return f"{name} {number}"
    if kind is datetime:
        return datetime(2011 + number, 3, 4, 5, 6, 7, sum(name.encode()), tzinfo=clock.AMSTERDAM)
    if kind is date:
        return date(2011 + number, 3, 4 + sum(name.encode()) % 20)
    return UUID(int=int.from_bytes(name.encode()[:14]) << 8 | (number + 1))
