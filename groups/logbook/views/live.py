"""What a page that is open is told: what stands now, who writes, and what the own save became.

A page gives out a pass when it was opened, and the opening is in the log of who looked; what
follows within the same night is read with that pass, so that nothing is read without a line.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.signing import BadSignature, Signer
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock, ports
from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.accounts.signin import keeps_on_the_phone
from core.drafts import filling
from core.drafts.tickets import Ticket, mark_of
from core.encryption import keyed_hash
from core.ports import TalkAim
from groups.logbook.book import Logbook, Person
from groups.logbook.forms import CardForm, TalksForm, as_initial
from groups.logbook.parts import CARDS

#: As long as a page may go on asking after it was opened.
PASS_LASTS = timedelta(hours=14)
_SIGNER = Signer(salt="logbook that was opened")


def key_of(card: str) -> str:
    """The form of a card, by the name under which what is typed in it is kept."""
    return f"logbook.{card}"


KEYS = tuple(key_of(card) for card in (*CARDS, "talks"))


def give_pass(meeting: UUID, user: User) -> str:
    return _SIGNER.sign_object([str(meeting), str(user.pk), clock.now().isoformat()])


def passes(told: str, meeting: UUID, user: User) -> bool:
    """Given out for this logbook, to this person, not too long ago."""
    try:
        where, whose, at = _SIGNER.unsign_object(told)
    except BadSignature:
        return False
    fresh = clock.now() - datetime.fromisoformat(at) <= PASS_LASTS
    return fresh and (where, whose) == (str(meeting), str(user.pk))


def on_this_phone(request: SignedIn, meeting: UUID) -> dict[str, str]:
    """Under what and with which key a page seals what it could not send yet. The key is the same
    for this person and this logbook, and stands on its page only: without signing in nobody reads
    what lies there. Nothing for a shared device."""
    if not keeps_on_the_phone(request):
        return {}
    whose = f"{request.user.pk}:{meeting}"
    key = b64encode(keyed_hash(whose, "words of a logbook on a phone")[:32]).decode()
    return {"place": f"{mark_of(request.user)}:{meeting}", "key": key}


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
        "saved": saved_words(book),
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


def saved_words(book: Logbook) -> str:
    at = book.saved_at
    if at is None:
        return _("Saved as you type")
    moment = clock.local(at)
    if clock.day_of(at) == clock.today():
        return _("Saved {at}").format(at=date_format(moment, "H:i"))
    return _("Saved {at}").format(at=date_format(moment, "j b, H:i"))
