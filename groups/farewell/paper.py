"""The card 'You got this' on paper: a lying A5 with a circle for each, and room for a pen."""

import base64
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings

from core import pdf
from groups.farewell.authors import lines_of
from groups.farewell.layout import Circle, Words, cards_of
from groups.farewell.standing import Standing
from groups.models import FarewellCard

LOOK = "css/farewell_paper.css"
SHOWN = (Standing.ON_THE_CARD, Standing.PEN)


def words_of(card: FarewellCard) -> list[Words]:
    """What stands on the card: words that were read, and a place for every pen (R-185)."""
    found = []
    for line in lines_of(card):
        if line.standing in SHOWN:
            found.append(Words(line.words, line.author.called))
    return found


def card_pdf(card: FarewellCard, day: date | None) -> bytes:
    """`day`: of the goodbye. Raises core.pdf.PdfRefused."""
    cards = cards_of(words_of(card))
    context = {
        "name": card.trajectory.participant.call_name,
        "day": day,
        "cards": cards,
        "card_url": _look(cards),
    }
    return pdf.from_template("groups/farewell/card_pdf.html", context)


def _look(cards: Sequence[Sequence[Circle]]) -> str:
    """The style sheet with the place of every circle, inside one address."""
    places = [
        f".place-{c}-{n} {{ left: {one.left}mm; top: {one.top}mm; width: {one.across}mm;"
        f" height: {one.across}mm; font-size: {one.size}pt }}"
        f" .place-{c}-{n} .circle__words {{ width: {one.room}mm }}"
        for c, card in enumerate(cards, 1)
        for n, one in enumerate(card, 1)
    ]
    style = (Path(settings.BASE_DIR) / "static" / LOOK).read_text() + "\n".join(places)
    return f"data:text/css;base64,{base64.b64encode(style.encode()).decode()}"
