"""What can wait about challenges; each kind is answered by one rule."""

from enum import auto

from core.ports import TodoKind


class Kind(TodoKind):
    CHALLENGE_PROPOSED = auto()
    CHALLENGE_NONE_YET = auto()
    TALK_ABOUT_CHALLENGE = auto()
    NO_CHALLENGE_LEFT = auto()
