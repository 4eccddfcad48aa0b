"""What waits for somebody: every app's to-dos in one list, most urgent first."""

from collections.abc import Collection

from core import ports
from core.accounts.actors import Viewer
from core.ports import Todo, TodoKind, TodoRule, todos_of


def todos_for(user: Viewer, kinds: Collection[TodoKind] | None = None) -> list[Todo]:
    """To-dos of all apps, sorted by urgency, then by how long they wait. Computed, never stored.

    `kinds`: only the rules that own these are asked.
    """
    found = todos_of(rules(), user, kinds)
    return sorted(found, key=lambda t: (t.urgency, t.since is None, t.since, t.title, str(t.about)))


def rules() -> list[TodoRule]:
    """Every rule of what waits, as it was wired."""
    return [rule for rule in ports.todos.answers if isinstance(rule, TodoRule)]


def kinds_of_a_stay() -> frozenset[TodoKind]:
    """The kinds whose to-dos name the stay they are about."""
    return frozenset(kind for rule in rules() if rule.of_a_stay for kind in rule.kinds)
