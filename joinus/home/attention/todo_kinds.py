"""What can wait about a group as a whole and is known from facts of several apps."""

from enum import auto

from core.ports import TodoKind


class Kind(TodoKind):
    WAITING_LIST = auto()
