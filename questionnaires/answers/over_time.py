"""What one question was answered with, wave after wave, for the thread of a stay.

Printed words and where they stand among each other: nothing summed, no score (R-211, R-213).
"""

from dataclasses import dataclass
from datetime import date

from core import clock
from core.accounts.actors import Viewer
from participants.models import Trajectory
from questionnaires.answers.answers_table import cell, heading
from questionnaires.instrument.instrument import Question, read
from questionnaires.models import Response

#: Sub-scale -> the one question of it that is easiest to talk about.
ASKED = {"social_skills": "makes_contact", "negative_thoughts": "negative_thoughts"}


@dataclass(frozen=True)
class Answered:
    """One answer in its printed words. `place`: 0 to 1, where it stands among the printed answers;
    None for what is no answer. It is no score: it says which of two words stands higher."""

    day: date
    words: str
    wave: str
    place: float | None


@dataclass(frozen=True)
class AnswersOverTime:
    """What one question was answered with, the oldest first; never empty."""

    question: str
    answers: tuple[Answered, ...]


def answers_over_time(stay: Trajectory, user: Viewer, about: str) -> AnswersOverTime | None:
    """For the group's own workers; for anybody else there are none (R-005)."""
    rows = Response.objects.visible_to(user).filter(trajectory=stay).order_by("submitted_at")
    found, wording = [], ""
    for row in rows:
        question = next((q for q in read(row.instrument_id) if q.key == ASKED[about]), None)
        if question is None or row.wave not in question.waves:
            continue
        wording = question.text
        found.append(
            Answered(
                clock.day_of(row.submitted_at),
                cell(question, row).text,
                heading(row.wave, row.sequence),
                _place(question, row.answer(question.number)),
            )
        )
    return AnswersOverTime(wording, tuple(found)) if found else None


def _place(question: Question, value: int | None) -> float | None:
    """From 0 to 1 by the printed order; what is no answer stands nowhere."""
    values = sorted(choice.value for choice in question.choices if choice.value > 0)
    if value not in values or len(values) < 2:
        return None
    return values.index(value) / (len(values) - 1)
