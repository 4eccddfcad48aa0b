"""The filter above a long list: part of a name, and one answer to a few short questions.

It is asked in the address (GET), so it works without JavaScript, can be sent to a colleague and
stays while somebody turns the pages. A list of people (`of_people`) sends it by POST, and the
address that answers has what was typed sealed for this reader: a name of a person never stands in
an address (trust.md 10). Case and accents do not matter, and a `%` is a per cent sign:
names are compared here, over the rows that were read in one query, not by the database.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.http import urlencode

from core.accounts.actors import SignedIn, Viewer
from core.names import in_order, typed
from core.sealed_words import SEALED, seal_words, words_in

R = TypeVar("R")
Word = str | Promise

NAME = "q"
PAGE = "page"
LONGEST = 80
#: So many answers of a filter that was sent are kept in the address.
MOST_QUESTIONS = 8
#: A list that fits on a screen needs no filter.
SHORT = 12


def by_name(pairs: Iterable[tuple[object, str | None]]) -> dict[str, Word]:
    """Options (value, its name) as a reader looks for them: each once, in the order of names."""
    named = {str(value): name for value, name in pairs if name}
    return {
        value: named[value] for value in sorted(named, key=lambda one: (in_order(named[one]), one))
    }


@dataclass(frozen=True)
class Option:
    """One answer: how many rows it leaves, and the address that gives it."""

    value: str
    word: Word
    rows: int
    chosen: bool
    address: str


@dataclass(frozen=True)
class Question:
    """One natural division of the list. `in_words`: as links; else a box to choose from."""

    name: str
    word: Word
    options: list[Option]
    in_words: bool
    #: Every row that the other questions leave, and the address without this question.
    rows: int
    everything: str

    @property
    def answer(self) -> str:
        return next((option.value for option in self.options if option.chosen), "")


@dataclass
class ListFilter:
    """What the address asks of a list. Answers that no option gives are not heard.

    `all` and `found` are how many rows there were and are, after the last question.
    """

    query: MultiValueDict[str, str]
    #: Where the list stands, when that is another address than the one that was asked.
    path: str = ""
    #: For whom the words are sealed; None where they may be read by anybody.
    reader: Viewer | None = None
    questions: list[Question] = field(default_factory=list)
    all: int = 0
    found: int = 0

    @cached_property
    def name(self) -> str:
        """What was typed, as far as a name can be that long."""
        if self.reader is None:
            return _clean(self.query.get(NAME) or "")
        return _clean(words_in(self.query.get(SEALED) or "", self.reader))

    @property
    def is_set(self) -> bool:
        return bool(self.name or any(question.answer for question in self.questions))

    @property
    def is_offered(self) -> bool:
        return self.is_set or self.all > SHORT

    @property
    def links(self) -> list[Question]:
        return [q for q in self.questions if q.in_words and (len(q.options) > 1 or q.answer)]

    @property
    def boxes(self) -> list[Question]:
        return [q for q in self.questions if not q.in_words and (len(q.options) > 1 or q.answer)]

    def named(self, rows: Iterable[R], names: Callable[[R], Iterable[str]]) -> list[R]:
        """The rows of which one of the names holds what was typed. Ask this first."""
        found = list(rows)
        self.all = len(found)
        if self.name:
            found = [row for row in found if any(map(self._is_in, names(row)))]
        self.found = len(found)
        return found

    def divided(
        self,
        rows: list[R],
        name: str,
        word: Word,
        answer: Callable[[R], object],
        options: Mapping[str, Word],
        *,
        in_words: bool = True,
    ) -> list[R]:
        """The rows that give the chosen answer to this question, or all while none is chosen.

        `options` says each answer in its order; one that no row gives is not offered.
        """
        given = [str(answer(row)) for row in rows]
        counted = Counter(given)
        chosen = self.query.get(name) or ""
        chosen = chosen if chosen in options else ""
        self.questions.append(
            Question(
                name,
                word,
                [
                    Option(value, said, counted[value], value == chosen, self._with(name, value))
                    for value, said in options.items()
                    if counted[value] or value == chosen
                ],
                in_words,
                len(rows),
                self._with(name, ""),
            )
        )
        if chosen:
            rows = [row for row, its in zip(rows, given, strict=True) if its == chosen]
        self.found = len(rows)
        return rows

    @property
    def address(self) -> str:
        """Where a filter that was sent leads: the words sealed, the answers as they are."""
        others = (NAME, SEALED, PAGE, "csrfmiddlewaretoken")
        given = [(k, self.query.get(k) or "") for k in self.query if k not in others]
        kept = {k: value for k, value in given[:MOST_QUESTIONS] if len(k + value) <= LONGEST}
        words = _clean(self.query.get(NAME) or "")
        if words and self.reader is not None:
            kept[SEALED] = seal_words(words, self.reader)
        return f"{self.path}?{urlencode(kept)}"

    def _is_in(self, name: str) -> bool:
        """A sign that folding leaves out, as `_`, is looked for as it is."""
        part = typed(self.name)
        return part in typed(name) if part else self.name in name

    def _with(self, name: str, value: str) -> str:
        """The address with this answer; a page number belongs to the list before."""
        kept = {k: self.query.getlist(k) for k in self.query if k not in (name, PAGE)}
        if value:
            kept[name] = [value]
        return f"{self.path}?{urlencode(kept, doseq=True)}"


def of_people(request: SignedIn) -> ListFilter:
    """The filter of a list of people; where it was sent (POST), its `address` is the answer."""
    query = request.POST if request.method == "POST" else request.GET
    return ListFilter(query, request.path, request.user)


def _clean(text: str) -> str:
    return " ".join("".join(c for c in text[:LONGEST] if c.isprintable()).split())
