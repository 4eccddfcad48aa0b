"""Statements that are put together once.

Putting a query together costs Django ten times what PostgreSQL needs to answer it. A `ReadyMade`
holds an ordinary queryset as a function of the values it is asked with; its SQL is made at the
first question and kept as long as the process:

    def _late(*, group: UUID, day: date) -> QuerySet[Any, Any]:
        return Meeting.objects.filter(group=group, date__lt=day).values_list("pk", "date")

    LATE = ReadyMade(as_tuple, _late, group=UUID, day=date)

    LATE(group=group.pk, day=clock.today())  # [(pk, date), ...]

How it knows what to ask later: it makes the SQL twice, with other made-up values and at another
moment. A parameter that follows a value is asked with that value; one that moves with the moment
is "so long from now", "so many days from today" or such a midnight; one that stayed the same is
written into the text. Anything else is `NotReadyMade`, at the first question and so in the first
test. Values never become part of the text: they are bound.
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
#: An odd time of day tells "now" from "midnight". What else a rule may do with the clock shows as
#: another distance from these two: a Monday early in the day and in the month, in winter, and a
#: Saturday late in the day and in the month, in summer; no number of months is as long from both.
FIRST = datetime(2009, 2, 2, 5, 34, 56, 789012, tzinfo=clock.AMSTERDAM)
SECOND = datetime(2007, 5, 26, 21, 8, 9, 101112, tzinfo=clock.AMSTERDAM)


class NotReadyMade(Exception):
    """The text is not that of every day: it looked at the data, or a parameter of it is neither a
    value, nor the clock's, nor always the same."""


@dataclass(frozen=True)
class Text:
    """`%s` stands for each of `params`, in their order."""

    sql: str
    params: tuple[Later, ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]


class ReadyMade(Generic[R]):
    """`rows(**values)` gives a `values_list`; calling this with the values gives `row(*columns)`.

    `kinds` says what each value is: UUID, `many` (a list of them; `rows` gets one made-up id and
    asks `pk__in`), str, date or datetime. `rows` may not look at a value (`if group: ...`) nor ask
    the data anything: it runs twice, whatever is asked later. Of the clock it may know a fixed time
    from now, a day or a wall-clock time of a day. Raises NotReadyMade.
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
        connection.ensure_connection()
        with clock.travel((FIRST, SECOND)[number]), connection.execute_wrapper(_refused):
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


def _refused(_execute: Any, sql: str, *_rest: Any) -> Any:
    raise NotReadyMade(f"What is found now would stay in the text: {sql}")


def _given(name: str) -> Later:
    return lambda values: values[name]


def _moment(first: datetime, second: datetime) -> Later:
    """`clock.now()` itself stays as it is: a sum would forget which of the two hours it is in the
    night in which the clock goes back."""
    ahead = first - FIRST
    if second - SECOND == ahead:
        return lambda _values: clock.now() + ahead if ahead else clock.now()
    days, hour = clock.day_of(first) - clock.day_of(FIRST), first.time()
    if clock.day_of(second) - clock.day_of(SECOND) == days and second.time() == hour:
        return lambda _values: datetime.combine(clock.today() + days, hour, clock.AMSTERDAM)
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
