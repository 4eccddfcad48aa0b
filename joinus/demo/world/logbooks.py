"""Logbooks in the demo world: of the last months, by both workers; some were forgotten."""

from collections.abc import Sequence
from datetime import date
from random import Random
from uuid import UUID

from core.accounts.models import User
from groups.logbook.parts import Kind, write_parts
from groups.logbook.talks import Said, say_of_talks
from groups.models import LogbookPart, Meeting

#: So many days before the end a group's logbooks begin.
DAYS = 84
OWN_TIME = (
    "Thee en UNO aan de lange tafel. Wie er al was, vroeg de anderen erbij.",
    "Een paar speelden muziek, de rest hielp in de keuken.",
    "Rustig begin. Iedereen vertelde één ding van de afgelopen twee weken.",
    "Tafelvoetbal met wisselende teams. Ze hielden zelf de stand bij.",
)
ACTIVITY = (
    "De teams maakten ze zelf. Wij hoefden alleen te tellen.",
    "Twee deelnemers legden de regels uit, de anderen deden mee.",
    "Liep uit, maar niemand wilde stoppen.",
    "Eerst wat onwennig. Na een half uur liep het vanzelf.",
)
SAID = (
    "Wil volgende keer zelf bellen om te reserveren.",
    "Vertelde over school. Zoekt iemand om mee te fietsen.",
    "Vond het spannend en is toch gebleven.",
    "Heeft zaterdag afgesproken met iemand uit de groep.",
    "",
)
INCIDENT = {
    Kind.INCIDENT: "Twee deelnemers kregen ruzie over de muziek. Eén van hen liep naar buiten.",
    Kind.DISCUSSED: "Aan tafel, met iedereen die erbij was. Elk vertelde wat er gebeurde.",
    Kind.SOLUTION: "Ze maken een lijst. Elke bijeenkomst kiest iemand anders.",
}


def keep(
    meeting: Meeting, here: Sequence[UUID], *, workers: Sequence[User], until: date, dice: Random
) -> None:
    """What was written down that evening about who was `here`; nothing when it is long ago."""
    days = (until - meeting.date).days
    if days > DAYS or not here or (3 < days < 30 and dice.random() < 0.15):
        return
    first, second = workers
    said: dict[LogbookPart.Kind, str] = {
        Kind.OWN_TIME: dice.choice(OWN_TIME),
        Kind.ACTIVITY: dice.choice(ACTIVITY),
        Kind.FUN_AND_SAFETY: dice.choice(("plenty", "plenty", "partly")),
        Kind.PEER_TO_PEER: dice.choice(("plenty", "partly")),
        Kind.LEADERSHIP: dice.choice(("plenty", "partly", "too_little")),
    }
    about: dict[LogbookPart.Kind, Sequence[UUID]] = {}
    if dice.random() < 0.1:
        said |= INCIDENT
        about[Kind.INCIDENT] = here[:2]
    write_parts(meeting=meeting, said=said, by=first, about=about)
    chosen = dice.sample(sorted(here), min(len(here), 4))
    for worker, people in ((first, chosen[:2]), (second, chosen[2:])):
        talks = {
            stay: Said(dice.choice(SAID), dice.choice(("", "alone", "group"))) for stay in people
        }
        say_of_talks(meeting=meeting, said=talks, by=worker)
