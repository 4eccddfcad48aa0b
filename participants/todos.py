"""What waits for somebody about people and stays: each part lives with its rule."""

from core.accounts.actors import Viewer
from core.ports import Todo
from participants.care.todos import underway
from participants.complaints.todos import waiting as complaint_waiting
from participants.exit import with_coordinator
from participants.intake import hand_over, one_to_one
from participants.person import door_code
from participants.recusal import recusal
from participants.referrers import todos as feedback_todos
from participants.rights.todos import waiting as data_waiting
from participants.signup import knock_again
from participants.signup.todos import arriving


def todos(user: Viewer) -> list[Todo]:
    return [
        *arriving(user),
        *feedback_todos.todos(user),
        *underway(user),
        *recusal.waiting(user),
        *one_to_one.waiting(user),
        *hand_over.waiting(user),
        *door_code.todos(user),
        *knock_again.todos(user),
        *with_coordinator.waiting(user),
        *data_waiting(user),
        *complaint_waiting(user),
    ]
