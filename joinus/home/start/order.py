"""How a list of what waits is shown: a few of everything first, the rest under its urgency."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.ports import Todo

FIRST = 5
#: Of one kind, while something else is as urgent: a wish to pause never stands behind five mails.
OF_A_KIND = 2
#: Under one heading; what is more stands on a page of its own.
UNDER_A_HEADING = 10
HEADINGS: dict[int, Promise] = {
    0: _("Now"),
    1: _("Today"),
    2: _("This week"),
    3: _("Later"),
}


@dataclass(frozen=True)
class Section:
    """What is equally urgent. `more`: how many are not shown here."""

    heading: str
    todos: Sequence[Todo]
    more: int = 0


@dataclass(frozen=True)
class Shown:
    first: Sequence[Todo]
    rest: Sequence[Section]
    number: int

    @property
    def behind(self) -> int:
        return self.number - len(self.first)

    @property
    def more(self) -> int:
        return sum(section.more for section in self.rest)


def shown(todos: Sequence[Todo]) -> Shown:
    """Pure. `todos` in their order: the most urgent first."""
    first = _first(todos)
    kept = {id(todo) for todo in first}
    rest = [todo for todo in todos if id(todo) not in kept]
    return Shown(first, [_cut(section) for section in sections(rest)], len(todos))


def sections(todos: Sequence[Todo]) -> list[Section]:
    """Under the heading of their urgency."""
    return [
        Section(str(HEADINGS[urgency]), list(of_it))
        for urgency, of_it in groupby(todos, key=lambda todo: min(max(todo.urgency, 0), 3))
    ]


def _first(todos: Sequence[Todo]) -> list[Todo]:
    """The most urgent ones; of what is equally urgent no more than two of a kind, while another
    kind waits."""
    found: list[Todo] = []
    for _urgency, equal in groupby(todos, key=lambda todo: todo.urgency):
        seen: Counter[str] = Counter()
        later: list[Todo] = []
        for todo in equal:
            seen[todo.kind] += 1
            (found if seen[todo.kind] <= OF_A_KIND else later).append(todo)
        found += later
        if len(found) >= FIRST:
            break
    return found[:FIRST]


def _cut(section: Section) -> Section:
    more = max(len(section.todos) - UNDER_A_HEADING, 0)
    return Section(section.heading, section.todos[:UNDER_A_HEADING], more)
