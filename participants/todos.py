"""What waits for somebody about people and stays: each part lives with its rule."""

from typing import Any

from core.ports import Todo
from participants import door_code, knocking, recusal
from participants.arriving import arriving


def todos(user: Any) -> list[Todo]:
    return [*arriving(user), *recusal.waiting(user), *door_code.todos(user), *knocking.todos(user)]
