"""A question about one row, whose text is put together once per process.

Django needs several times as long to put a statement together as PostgreSQL to answer it. Where a
page asks the same question about another row each time, the text is kept and only its values
change; a statement of a fixed shape is prepared on the server as well. The rows are those of the
queryset's own `values_list`, read by the same converters.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection
from django.db.models import QuerySet


class LostValue(Exception):
    """A value was changed on its way into the statement, so that it cannot be asked about again."""


@dataclass
class Statement:
    """`rows(**values)` is a queryset with `values_list`; `takes` names each value and its type
    (UUID, date or datetime). Call it with the values; the answer is a list of rows as tuples.

    `rows` may not look at the clock or at anything else that differs between two requests.
    """

    rows: Callable[..., QuerySet[Any, Any]]
    takes: dict[str, type]
    _marks: dict[Any, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for number, (name, kind) in enumerate(self.takes.items(), 1):
            self._marks[_mark(kind, name, number)] = name

    @cached_property
    def _text(self) -> tuple[str, list[Any], list[tuple[int, list[Any], Any]]]:
        marks = {name: mark for mark, name in self._marks.items()}
        compiler = self.rows(**marks).query.get_compiler(using="default")
        text, params = compiler.as_sql()
        if lost := marks.keys() - {self._marks.get(_key(p)) for p in params}:
            raise LostValue(", ".join(sorted(lost)))
        found = compiler.get_converters(column for column, *_rest in compiler.select)
        readers = [(at, converters, column) for at, (converters, column) in found.items()]
        return text, list(params), readers

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        text, params, readers = self._text
        asked = [values[self._marks[key]] if (key := _key(p)) in self._marks else p for p in params]
        with connection.cursor() as cursor:
            cursor.execute(text, asked)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not readers:
            return rows
        return [_read(row, readers) for row in rows]


def _key(param: Any) -> Any:
    """A value as it is looked up: only these types are marks."""
    return param if isinstance(param, UUID | date) else None


def _mark(kind: type, name: str, number: int) -> Any:
    if kind is UUID:
        return uuid5(NAMESPACE_OID, name)
    return datetime(1, 1, number, tzinfo=UTC) if kind is datetime else date(1, 2, number)


def _read(row: tuple[Any, ...], readers: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    cells = list(row)
    for at, converters, column in readers:
        for convert in converters:
            cells[at] = convert(cells[at], column, connection)
    return tuple(cells)
