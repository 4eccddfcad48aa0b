"""Statements that are put together once.

Putting a query together costs Django ten times what PostgreSQL needs to answer it. A `ReadyMade`
holds an ordinary queryset as a function of the values it is asked with; its SQL is made at the
first question and kept as long as the process. It is made twice, with other values and at another
moment, so that it shows which of its parameters are values, which move with the clock, and which
always stay the same.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

from core import clock

R = TypeVar("R")
M = TypeVar("M", bound=Model)

#: What stands for each kind of value while the text is made; `many` ids are one while it is made.
many = list[UUID]
_MOMENTS = (
    datetime(2001, 1, 10, 12, 34, 56, 789012, tzinfo=clock.AMSTERDAM),
    datetime(2004, 2, 12, 7, 8, 9, 101112, tzinfo=clock.AMSTERDAM),
)


class NotReadyMade(Exception):
    """A parameter of the text is neither a value, nor the clock's, nor always the same."""


@dataclass(frozen=True)
class _Text:
    sql: str
    params: tuple[Callable[[dict[str, Any]], Any], ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]


class ReadyMade(Generic[R]):
    """`rows(**values)` gives a `values_list`; calling this with the values gives `row(*columns)`.

    `kinds` says what each value is: UUID, `many` (of them, asked with `pk__in`), str, date or
    datetime. The text may not depend on a value in another way, nor on the data.
    """

    def __init__(
        self, row: Callable[..., R], rows: Callable[..., QuerySet[Any, Any]], **kinds: Any
    ) -> None:
        self._row, self._rows, self._kinds = row, rows, kinds

    def __call__(self, **values: Any) -> list[R]:
        made = self._text
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [param(values) for param in made.params])
            found: Iterable[Sequence[Any]] = cursor.fetchall()
        if made.converters:
            found = [self._converted(row) for row in found]
        return [self._row(*row) for row in found]

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        columns = list(row)
        for at, converters, expression in self._text.converters:
            for convert in converters:
                columns[at] = convert(columns[at], expression, connection)
        return columns

    @cached_property
    def _text(self) -> _Text:
        (sql, first, compiler), (again, second, _compiler) = (self._made(n) for n in (0, 1))
        if sql != again:
            raise NotReadyMade("The text differs with the values.")
        params = tuple(self._param(*pair) for pair in zip(first, second, strict=True))
        columns = compiler.get_converters([c[0] for c in compiler.select[: compiler.col_count]])
        return _Text(
            self._with_arrays(sql, first),
            params,
            tuple((at, *of_column) for at, of_column in columns.items()),
        )

    def _made(self, number: int) -> tuple[str, Sequence[Any], Any]:
        with clock.travel(_MOMENTS[number]):
            samples = {
                name: [_sample(name, number)] if kind == many else _sample(name, number, kind)
                for name, kind in self._kinds.items()
            }
            compiler: Any = self._rows(**samples).query.get_compiler(using="default")
            sql, params = compiler.as_sql()
        return sql, params, compiler

    def _param(self, first: Any, second: Any) -> Callable[[dict[str, Any]], Any]:
        if type(first) is type(second) and first == second:
            return lambda values: first
        for name, kind in self._kinds.items():
            if (first, second) == tuple(_sample(name, number, kind) for number in (0, 1)):
                return lambda values: values[name]
        for told in (clock.now, clock.today, _midnight):
            moments = []
            for moment in _MOMENTS:
                with clock.travel(moment):
                    moments.append(told())
            if [first, second] == moments:
                return lambda values: told()
        raise NotReadyMade(f"{first!r} becomes {second!r}.")

    def _with_arrays(self, sql: str, params: Sequence[Any]) -> str:
        """`IN (%s)` of a value that is many becomes `= ANY(%s)`: one text for any number."""
        lists = [_sample(name, 0) for name, kind in self._kinds.items() if kind == many]
        pieces = re.split(r"(IN \(%s\)|%s)", sql)
        for number, param in zip(range(1, len(pieces), 2), params, strict=True):
            if param in lists:
                if pieces[number] != "IN (%s)":
                    raise NotReadyMade("Many ids stand where one is expected.")
                pieces[number] = "= ANY(%s)"
        return "".join(pieces)


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


def _midnight() -> datetime:
    return clock.at(clock.today())
