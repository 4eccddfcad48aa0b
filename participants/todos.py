"""What waits for somebody about people and stays: each part lives with its rule."""

from typing import Any

from core.ports import Todo
from participants import (
    discussed,
    door_code,
    feedback_todos,
    hand_over,
    knocking,
    one_to_one,
    recusal,
)
from participants.arriving import arriving
from participants.complaint_waiting import waiting as complaint_waiting
from participants.data_waiting import waiting as data_waiting
from participants.underway import underway


def todos(user: Any) -> list[Todo]:
    return [
        *arriving(user),
        *feedback_todos.todos(user),
        *underway(user),
        *recusal.waiting(user),
        *one_to_one.waiting(user),
        *hand_over.waiting(user),
        *door_code.todos(user),
        *knocking.todos(user),
        *discussed.waiting(user),
        *data_waiting(user),
        *complaint_waiting(user),
    ]
