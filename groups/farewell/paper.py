"""The card 'You got this' on paper: a lying A5 with a circle for each, and room for a pen."""

from datetime import date

from core import pdf
from groups.farewell.authors import lines_of
from groups.farewell.layout import Words, cards_of
from groups.farewell.standing import Standing
from groups.models import FarewellCard

SHOWN = (Standing.ON_THE_CARD, Standing.PEN)


def words_of(card: FarewellCard) -> list[Words]:
    """What stands on the card: words that were read, and a place for every pen (R-185)."""
    found = []
    for line in lines_of(card):
        if line.standing in SHOWN and line.text is not None:
            found.append(Words(line.text.text, line.author.name))
    return found


def card_pdf(card: FarewellCard, day: date | None) -> bytes:
    """`day`: of the goodbye. Raises core.pdf.PdfRefused."""
    words = words_of(card)
    context = {
        "name": card.trajectory.participant.call_name,
        "day": day,
        "cards": cards_of(words),
    }
    return pdf.from_template("groups/farewell/card_pdf.html", context)
