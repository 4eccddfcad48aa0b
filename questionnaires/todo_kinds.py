"""What can wait because of a wave; each kind is answered by one rule."""

from enum import auto

from core.ports import TodoKind


class Kind(TodoKind):
    QUESTIONNAIRE = auto()
    QUESTIONNAIRE_TALK = auto()
    TALK_ASKED = auto()
    QUESTIONNAIRE_SILENT = auto()
    AFTERCARE = auto()
