"""The strip of dates: what happened on or between the evenings, under the evening nearest to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.ports import Mark


@dataclass(frozen=True)
class Row:
    """One row: the marks under each date, none under most."""

    name: str
    cells: list[list[Mark]]


def rows_of(marks: Iterable[Mark], days: Sequence[date]) -> list[Row]:
    """Pure. A row for each name, in the order in which they came.

    What was before the first date stands nowhere; between two it stands under the nearest, and
    after the last one under the last.
    """
    rows: dict[str, list[list[Mark]]] = {}
    for mark in marks:
        if not days or mark.day < days[0]:
            continue
        cells = rows.setdefault(mark.row, [[] for _day in days])
        nearest = min(range(len(days)), key=lambda n: (abs((days[n] - mark.day).days), -n))
        cells[nearest].append(mark)
    return [Row(name, cells) for name, cells in rows.items()]
