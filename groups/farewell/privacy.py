"""What a farewell card keeps about a person: given out, and taken out.

A card is the leaver's once it was given, and not before (never seen early); a text is its author's.
"""

from django.utils.translation import gettext as _

from core.privacy import Fact, Person, Section
from groups.models import FarewellCard, FarewellRound, FarewellText

HOLDS = {
    FarewellCard: "the card for this person goes, with every text on it",
    FarewellText: "what this person wrote on another's card goes",
    FarewellRound: "goes with its card",
}


def sections(person: Person) -> list[Section]:
    """Own words on cards for others, and the words of a card that was given."""
    mine = FarewellText.objects.filter(by_stay__in=person.trajectory_ids)
    given = FarewellCard.objects.filter(
        trajectory__in=person.trajectory_ids, given_at__isnull=False
    )
    return [
        Section(
            "farewell_texts",
            _("What you wrote on cards for others"),
            [
                [
                    Fact("written_at", _("When"), row.written_at),
                    Fact("text", _("What you wrote"), row.text),
                    Fact("word", _("What your youth worker said about it"), row.word_back),
                ]
                for row in mine.order_by("written_at")
            ],
            order=58,
        ),
        Section(
            "farewell_cards",
            _("Your card"),
            [
                [Fact("given_at", _("Given on"), card.given_at)]
                + [
                    Fact("text", _("What was on it"), text.text)
                    for text in card.texts.filter(read_at__isnull=False, way=FarewellText.Way.TYPED)
                ]
                for card in given.order_by("given_at")
            ],
            order=59,
        ),
    ]


def erase(person: Person) -> None:
    FarewellText.objects.filter(by_stay__in=person.trajectory_ids).delete()
    FarewellCard.objects.filter(trajectory__in=person.trajectory_ids).delete()
