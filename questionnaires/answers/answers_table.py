"""Answers over time, in words: per item and sub-scale, nothing summed, nothing judged.

R-211, R-212, R-213: items point different ways and have 3, 5 or 6 answers, and no norm is
printed. So the table shows the printed words of each wave beside each other, and no number at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core import clock
from questionnaires.instrument.instrument import Question, read
from questionnaires.models import RATHER_NOT, Response, Wave

#: For professionals only; a young person never sees the name of a sub-scale.
SUBSCALES = {
    "loneliness": gettext_lazy("Loneliness"),
    "self_worth": gettext_lazy("Self-worth"),
    "interaction": gettext_lazy("Positive interaction"),
    "social_skills": gettext_lazy("Social skills"),
    "social_network": gettext_lazy("Social network"),
    "knowledge_insight": gettext_lazy("Knowledge and insight"),
    "negative_thoughts": gettext_lazy("Negative thoughts"),
    "functioning": gettext_lazy("Social and societal functioning"),
    "satisfaction": gettext_lazy("Satisfaction with Join Us"),
}

#: "Altijd" on one of these asks for a talk (R-216). Item key -> value of the printed answer.
ASKS_FOR_A_TALK = {"lonely_frequency": 5, "negative_thoughts": 5}


@dataclass(frozen=True)
class Cell:
    """One answer in words. kind: given, not_applicable, rather_not, missing, not_asked."""

    text: str
    kind: str
    under: str = ""  # the wave it belongs to: on a phone a cell names itself


@dataclass(frozen=True)
class Row:
    number: int
    wordings: list[str]  # the newest first; more than one when the wording changed
    sources: list[str]
    cells: list[Cell]


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Column:
    title: str
    day: date
    version: str


@dataclass(frozen=True)
class Table:
    columns: list[Column]
    sections: list[Section]

    @property
    def empty(self) -> bool:
        return not self.columns


def table(responses: Iterable[Response]) -> Table:
    """The answered waves of one stay, oldest first, as one table for its workers (R-219)."""
    answered = sorted(responses, key=lambda r: (r.submitted_at, r.pk))
    by_response = [{q.key: q for q in read(r.instrument_id)} for r in answered]
    newest_first = [q for questions in reversed(by_response) for q in questions.values()]
    keys = list(dict.fromkeys(q.key for q in newest_first))
    sections: dict[str, Section] = {}
    for key in keys:
        versions = [q for q in newest_first if q.key == key]
        row = Row(
            number=versions[0].number,
            wordings=list(dict.fromkeys(q.text for q in versions)),
            sources=list(dict.fromkeys(source_line(q) for q in versions)),
            cells=[
                replace(
                    cell(questions.get(key), response),
                    under=heading(response.wave, response.sequence),
                )
                for questions, response in zip(by_response, answered, strict=True)
            ],
        )
        name = versions[0].subscale
        title = str(SUBSCALES.get(name, name))
        sections.setdefault(name, Section(name, title, [])).rows.append(row)
    columns = [
        Column(heading(r.wave, r.sequence), clock.day_of(r.submitted_at), r.instrument_id)
        for r in answered
    ]
    return Table(columns, list(sections.values()))


def cell(question: Question | None, response: Response) -> Cell:
    """The printed words; what is not an answer says so in words, never in a number."""
    if question is None or response.wave not in question.waves:
        return Cell(_("not asked"), "not_asked")
    value = response.answer(question.number)
    if value is None:
        return Cell(_("not filled in"), "missing")
    if value == RATHER_NOT:
        return Cell(_("rather not"), "rather_not")
    return Cell(question.by_value[value].text, "given" if value > 0 else "not_applicable")


def source_line(question: Question) -> str:
    """R-223: where an item comes from and who made it, as printed."""
    source = question.source
    if source["instrument"].startswith("("):  # the print names no instrument for items 19 to 22
        return source["authors_as_printed"]
    return f"{source['instrument']} ({source['authors_as_printed']})"


def heading(wave: str, sequence: int) -> str:
    """Above a column: what `wave_name` says, as a heading says it; a repeated one has a number."""
    title = {
        Wave.BASELINE: pgettext("heading of a questionnaire", "Baseline"),
        Wave.INTERIM: pgettext("heading of a questionnaire", "Interim"),
        Wave.EXIT: pgettext("heading of a questionnaire", "Evaluation at the goodbye"),
        Wave.FOLLOW_UP: pgettext("heading of a questionnaire", "Three months later"),
    }[Wave(wave)]
    return f"{title} {sequence}" if wave == Wave.INTERIM or sequence > 1 else title


def worth_a_talk(instrument: str, answers: Sequence[int | None]) -> bool:
    """R-216: draws the worker's attention; not a risk score, and no message to anybody.

    `answers`: the values of questions 1 to 22 of this version, in their places.
    """
    return any(
        answers[q.number - 1] == ASKS_FOR_A_TALK[q.key]
        for q in read(instrument)
        if q.key in ASKS_FOR_A_TALK
    )


@dataclass(frozen=True)
class OwnItem:
    """One item for the young person: its wording, and (when, own words) from old to new."""

    text: str
    answers: list[tuple[date, Cell]]


def look_back_at(responses: Iterable[Response]) -> list[OwnItem]:
    """The own words side by side; only items that were really answered at least once."""
    shown = table(responses)
    days = [c.day for c in shown.columns]
    items = []
    for section in shown.sections:
        for row in section.rows:
            answers = [
                (day, c)
                for day, c in zip(days, row.cells, strict=True)
                if c.kind in ("given", "not_applicable", "rather_not")
            ]
            if answers:
                items.append(OwnItem(row.wordings[0], answers))
    return items
