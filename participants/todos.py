"""What waits for somebody about people and stays: each part lives with its rule."""

from typing import Any

from core.ports import Todo
from participants import hand_over, one_to_one, recusal
from participants.arriving import arriving


def todos(user: Any) -> list[Todo]:
    return [
        *arriving(user),
        *recusal.waiting(user),
        *one_to_one.waiting(user),
        *hand_over.waiting(user),
    ]
