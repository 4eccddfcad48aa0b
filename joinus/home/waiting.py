"""What waits for somebody: every app's to-dos in one list, most urgent first."""

from core import ports
from core.accounts.actors import Viewer
from core.ports import Todo


def todos_for(user: Viewer) -> list[Todo]:
    """To-dos of all apps, sorted by urgency, then by how long they wait. Computed, never stored."""
    found = [todo for part in ports.todos(user) for todo in part]
    return sorted(found, key=lambda t: (t.urgency, t.since is None, t.since, t.title))
