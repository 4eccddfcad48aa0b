"""What a page that is open is told: what stands now, who writes, and what the own save became.

Who opened it stands in the log of who looked; see `core.drafts.open_pages`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from core import clock, ports
from core.drafts import filling
from core.drafts.open_pages import OpenPages, saved_in_words
from core.drafts.tickets import Ticket
from core.ports import TalkAim
from groups.logbook.book import Logbook
from groups.logbook.forms import CardForm, TalksForm, as_initial
from groups.logbook.parts import CARDS
from groups.logbook.people import Person

PAGES = OpenPages("logbook")


def key_of(card: str) -> str:
    """The form of a card, by the name under which what is typed in it is kept."""
    return f"logbook.{card}"


KEYS = tuple(key_of(card) for card in (*CARDS, "talks"))


def form_of(book: Logbook, card: str, data: Any = None) -> CardForm | TalksForm:
    """A card as it stands, or with what came in."""
    if card == "talks":
        return TalksForm(book.can_be_talked_with, data, initial=as_initial(book.own))
    people = None if card == "activity" and book.plan is None else book.can_be_talked_with
    return CardForm(card, data, people=people, initial=book.words(card))


def cards_of(book: Logbook, *, feedback: bool = False) -> list[str]:
    """Which cards this reader can write in."""
    if feedback:
        return ["feedback"]
    found = ["welcome", "activity", "talks", "conditions"]
    if not book.is_hidden("incident"):
        found.append("incident")
    return [*found, "farewell"] if book.asks_for_farewell else found


def about_of(book: Logbook, card: str) -> tuple[UUID, ...]:
    """Whose erasure, and whose recusal, takes away what was typed in this card."""
    if card == "talks":
        return tuple(stay for stay, _name in book.can_be_talked_with)
    if card == "farewell":
        return tuple(stay for stay, _name in book.leaving)
    return tuple(book.about.get(card, ()))


def as_it_stands(
    book: Logbook, path: str, cards: list[str], *, card: str = "", ticket: Ticket | None = None
) -> dict[str, Any]:
    """For the page: of each card its values, a new ticket for them and who writes; the chips.

    `card` with the `ticket` it was saved with: it goes on in the same draft.
    """
    found: dict[str, Any] = {}
    for name in cards:
        form = form_of(book, name)
        base = filling.as_posted(form)
        if ticket is not None and name == card and not ticket.seen:
            told = replace(ticket, base=base, at=clock.now())
        else:
            told = Ticket(
                form=key_of(name),
                subject=str(book.meeting.pk),
                path=path,
                about=tuple({book.meeting.pk, *about_of(book, name)}),
                base=base,
            )
        writer = book.writer(name)
        found[name] = {
            "fields": base,
            "ticket": told.sealed(book.reader),
            "writes": _("%(name)s is writing here") % {"name": writer.name}
            if writer is not None and writer.now
            else "",
        }
    return {
        "stamp": book.stamp,
        "saved": saved_in_words(book.saved_at),
        "cards": found,
        "people": {
            str(one.stay): {"mine": one.mine, "any": one.anybody, "waits": one.waits}
            for one in book.people
            if not one.out
        },
        "lines": lines_of(book),
        "count": book.count_in_words,
        "enough": book.enough,
        "few": book.too_few,
        "why": book.why,
    }


@dataclass(frozen=True)
class TalkRow:
    """What stands under one name: the own sentence and options, and what colleagues said; and what
    a talk with them is for."""

    person: Person
    said: BoundField
    options: tuple[BoundField, BoundField]
    lines: list[str]
    is_own: bool
    aim: TalkAim | None

    @property
    def is_shown(self) -> bool:
        return self.is_own or bool(self.lines)

    @property
    def has_options(self) -> bool:
        return any(one.value() for one in self.options)


def rows_of_talks(book: Logbook, form: forms.Form) -> list[TalkRow]:
    """Asked while the page is drawn: words that came back, or were refused, are not hidden."""
    lines = lines_of(book)
    (aims,) = ports.talk_aims(book.meeting, [stay for stay, _name in book.can_be_talked_with])
    found = []
    for one in book.people:
        if one.out:
            continue
        said = form[f"said_{one.stay}"]
        options = form[f"setting_{one.stay}"], form[f"moment_{one.stay}"]
        stands = book.own[one.stay].text if one.stay in book.own else ""
        typed = bool(said.errors) or (said.value() or "") != stands
        told = lines.get(str(one.stay), [])
        found.append(TalkRow(one, said, options, told, one.mine or typed, aims.get(one.stay)))
    return found


def lines_of(book: Logbook) -> dict[str, list[str]]:
    """What colleagues said, by stay."""
    lines: dict[str, list[str]] = {}
    for line in book.told:
        if line.by != book.reader.pk:
            lines.setdefault(str(line.stay), []).append(line.told)
    return lines
