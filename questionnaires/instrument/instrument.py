"""The instrument, word for word from its data file, and how the pages read it.

A version is never edited in place (R-209): the same file again changes nothing, another wording
under a version that stands is refused. What stands is immutable in the database too, so a version
that was read once is kept in memory.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from core import clock
from questionnaires.models import (
    AT_THE_BASELINE,
    ITEM_COUNT,
    NOT_APPLICABLE,
    RATHER_NOT,
    Instrument,
    Item,
    Option,
    Wave,
)

DATA = Path(__file__).parent / "data" / "questionnaire.json"


class PublishedVersionChanged(Exception):
    """The file says something else under a version that already stands: give it a new version."""


@dataclass(frozen=True)
class Choice:
    """One printed answer. `value` is its position, or -1 for not applicable (R-210)."""

    position: int
    value: int
    text_nl: str
    text_en: str
    dont_know: bool = False

    @property
    def text(self) -> str:
        return self.text_en if get_language() == "en" else self.text_nl


@dataclass(frozen=True)
class Question:
    """One printed item of one version. `number` is its fixed place in a response."""

    number: int
    key: str
    text_nl: str
    text_en: str
    subscale: str
    waves: tuple[str, ...]
    higher_is_better: bool | None
    source: dict[str, str]
    choices: tuple[Choice, ...]

    @property
    def text(self) -> str:
        return self.text_en if get_language() == "en" else self.text_nl

    @cached_property
    def by_value(self) -> dict[int, Choice]:
        return {c.value: c for c in self.choices}

    def accepts(self, value: int) -> bool:
        """A printed answer, or "rather not"; not applicable only where it is printed."""
        return value in self.by_value or value == RATHER_NOT


@transaction.atomic
def load_instrument(path: Path = DATA, in_use_from: date | None = None) -> Instrument:
    """Put the file's version in the database. Safe to run twice.

    Raises PublishedVersionChanged when the version stands with another content.
    """
    raw = json.loads(path.read_text("utf-8"))
    questions = parse(raw)
    version = raw["version"]
    instrument = Instrument.objects.filter(pk=version).first()
    if instrument is not None:
        if _stored(version) != questions or instrument.language != raw["language"]:
            raise PublishedVersionChanged(
                f"Version {version} stands with another wording; give the new one its own version."
            )
        return instrument
    instrument = Instrument.objects.create(
        version=version, language=raw["language"], in_use_from=in_use_from or clock.today()
    )
    items = Item.objects.bulk_create(
        Item(
            instrument=instrument,
            number=q.number,
            key=q.key,
            text_nl=q.text_nl,
            text_en=q.text_en,
            subscale=q.subscale,
            waves=list(q.waves),
            higher_is_better=q.higher_is_better,
            source=q.source,
        )
        for q in questions
    )
    Option.objects.bulk_create(
        Option(
            item=item,
            position=c.position,
            value=c.value,
            text_nl=c.text_nl,
            text_en=c.text_en,
            dont_know=c.dont_know,
        )
        for item, question in zip(items, questions, strict=True)
        for c in question.choices
    )
    return instrument


def in_use(day: date) -> Instrument:
    """The version for a wave that opens on `day`: the newest in use, else the first there is.

    Raises Instrument.DoesNotExist when none was loaded.
    """
    newest = Instrument.objects.filter(in_use_from__lte=day).order_by("-in_use_from").first()
    return newest or Instrument.objects.earliest("in_use_from")


_read: dict[str, tuple[Question, ...]] = {}


def read(version: str) -> tuple[Question, ...]:
    """All items of a version in order, with their answers; two queries the first time only."""
    if version not in _read:
        found = _stored(version)
        if not found:
            raise Instrument.DoesNotExist(version)
        _read[version] = found
    return _read[version]


def questions_of(version: str, wave: str) -> tuple[Question, ...]:
    """The items of one wave: 18 at the baseline, 22 afterwards (R-200)."""
    return tuple(q for q in read(version) if wave in q.waves)


def item_count(wave: str) -> int:
    """How many items a wave has, in every version (R-200); asks no database."""
    return AT_THE_BASELINE if wave == Wave.BASELINE else ITEM_COUNT


def parse(raw: dict[str, Any]) -> tuple[Question, ...]:
    """The file's items, checked: places 1..22 once each, values equal to positions."""
    questions = tuple(_question(item) for item in raw["items"])
    if [q.number for q in questions] != list(range(1, ITEM_COUNT + 1)):
        raise ValueError("An instrument has the items 1 to 22, in order.")
    for q in questions:
        for c in q.choices:
            if c.value not in (c.position, NOT_APPLICABLE):
                raise ValueError(f"Item {q.number}: a value is the printed position.")
    return questions


def _question(item: dict[str, Any]) -> Question:
    return Question(
        number=item["number"],
        key=item["key"],
        text_nl=item["nl"],
        text_en=item["en"],
        subscale=item["subscale"],
        waves=tuple(item["waves"]),
        higher_is_better={"better": True, "worse": False}.get(item["higher_value_means"]),
        source=item["source"],
        choices=tuple(
            Choice(
                position=o["position"],
                value=NOT_APPLICABLE if o["value"] is None else o["value"],
                text_nl=o["nl"],
                text_en=o["en"],
                dont_know=o.get("dont_know", False),
            )
            for o in item["options"]
        ),
    )


def _stored(version: str) -> tuple[Question, ...]:
    items = Item.objects.filter(instrument=version).order_by("number").prefetch_related("options")
    return tuple(
        Question(
            number=i.number,
            key=i.key,
            text_nl=i.text_nl,
            text_en=i.text_en,
            subscale=i.subscale,
            waves=tuple(i.waves),
            higher_is_better=i.higher_is_better,
            source=i.source,
            choices=tuple(
                Choice(o.position, o.value, o.text_nl, o.text_en, o.dont_know)
                for o in i.options.all()
            ),
        )
        for i in items
    )
