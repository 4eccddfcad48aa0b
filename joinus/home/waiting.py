"""What waits for somebody: every app's to-dos in one list, most urgent first."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core import ports
from core.accounts.actors import Viewer
from core.facts import Facts
from core.ports import Todo, TodoKind, TodoRule, todos_and


def todos_for(user: Viewer, kinds: Collection[TodoKind] | None = None) -> list[Todo]:
    """To-dos of all apps, sorted by urgency, then by how long they wait. Computed, never stored.

    `kinds`: only the rules that own these are asked.
    """
    return todos_beside(user, kinds=kinds)[0]


def todos_beside(
    user: Viewer, *facts: Facts[Any], kinds: Collection[TodoKind] | None = None
) -> tuple[list[Todo], Mapping[Facts[Any], list[Any]]]:
    """The to-dos, and other facts of the same page: all of it in one statement."""
    todos, found = todos_and(rules(), user, kinds, facts)
    return sorted(todos, key=_turn), found


def _turn(todo: Todo) -> tuple[Any, ...]:
    return (todo.urgency, todo.since is None, todo.since, todo.title, str(todo.about))


def rules() -> Sequence[TodoRule]:
    """Every rule of what waits, as it was wired."""
    return [rule for rule in ports.todos.answers if isinstance(rule, TodoRule)]


def kinds_of_a_stay() -> frozenset[TodoKind]:
    """The kinds whose to-dos name the stay they are about."""
    return frozenset(kind for rule in rules() if rule.of_a_stay for kind in rule.kinds)
