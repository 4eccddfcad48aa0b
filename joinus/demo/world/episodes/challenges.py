"""Challenges: most chose one themselves, some took over what a worker proposed after a talk.

One is shared with the group, one has a reminder, some were made smaller, some worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from challenges.register.choosing import choose_challenge
from challenges.register.ending import lay_aside, reach_challenge
from challenges.register.proposals import accept, propose
from challenges.register.reminding import want_reminders
from challenges.register.sharing import share
from challenges.register.smaller import Way
from challenges.register.steps import add_step

if TYPE_CHECKING:
    from challenges.models import Challenge
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play

OWN, TALK = "own", "talk"


@dataclass(frozen=True)
class Choice:
    """Days count back from the last one; `how`: chosen alone, or proposed after a talk."""

    name: str
    text: str
    chosen: int
    how: str = OWN
    worked_out: int | None = None
    laid_aside: int | None = None
    sure: int | None = None
    way: str = ""
    step: tuple[str, str] | None = None
    shared: int | None = None
    reminded: int | None = None


CHOICES = (
    Choice("Casey", "Ik stel een vraag aan iemand die ik nog niet ken", 120, worked_out=34),
    Choice(
        "Casey",
        "Ik vraag iemand uit mijn klas of we samen naar huis fietsen",
        30,
        sure=5,
        way=Way.HERE_FIRST,
        step=("Ik vraag eerst aan Yara waar zij woont", "outside"),
        shared=20,
        reminded=28,
    ),
    Choice("Amir", "Ik neem een keer het initiatief om iets af te spreken", 76, TALK),
    Choice("Jordan", "Ik overleg eerst met anderen voordat ik iets beslis", 48, sure=8, shared=31),
    Choice("Sam", "Ik zeg het als ik het ergens niet mee eens ben", 90, laid_aside=55),
    Choice("Sam", "Ik toon interesse: elke avond vraag ik iemand hoe het gaat", 55, TALK),
    Choice("Noor", "Ik ga mee lunchen als iemand het vraagt", 62, sure=6, way=Way.AS_IT_IS),
    Choice("Evi", "Ik probeer iets nieuws, ook als ik niemand ken", 20, TALK),
    Choice("Aylin", "Ik bel zelf een vriendin in plaats van te wachten", 70, worked_out=15),
    Choice("Hanna", "Ik geef mijn mening in een groepje op mijn werk", 40),
    Choice("Abel", "Ik blijf na de training nog even hangen", 51),
    Choice("Cem", "Ik ga een keer alleen naar een feestje", 110, worked_out=80),
    Choice("Cem", "Ik vraag of iemand na het sporten meegaat iets drinken", 44),
    Choice("Demi", "Ik zeg ja als iemand mij ergens voor vraagt", 29, TALK),
    Choice("Rosa", "Ik nodig een collega uit voor koffie", 33, TALK),
)


#: Still to be answered by the young person: name, words, days ago.
PROPOSED = (("Amir", "Ik vraag iemand van de groep of we een keer gaan gamen", 3),)


def challenges(play: Play) -> None:
    for choice in CHOICES:
        _plan(play, choice)
    for name, text, days in PROPOSED:
        _propose(play, name, text, days)


def _propose(play: Play, name: str, text: str, days: int) -> None:
    def act() -> None:
        one = next(x for x in play.lives.values() if x.person.name == name)
        propose(trajectory=one.stay, text=text, by=one.worker())

    play.agenda.put(play.until - timedelta(days=days), 20, act)


def _plan(play: Play, choice: Choice) -> None:
    chosen: list[Challenge] = []

    def put(days: int | None, hour: int, act: Callable[[Life], object]) -> None:
        if days is not None:
            play.agenda.put(play.until - timedelta(days=days), hour, lambda: act(life()))

    def life() -> Life:
        return next(x for x in play.lives.values() if x.person.name == choice.name)

    def choose(one: Life) -> None:
        facts = {"by": one.user, "sureness": choice.sure, "way": choice.way}
        if choice.how == TALK:
            words = propose(trajectory=one.stay, text=choice.text, by=one.worker())
            chosen.append(accept(proposal=words, **facts))
        else:
            chosen.append(choose_challenge(trajectory=one.stay, text=choice.text, **facts))
        if choice.step:
            text, where = choice.step
            add_step(challenge=chosen[0], text=text, where=where, by=one.user)

    put(choice.chosen, 20, choose)
    put(choice.shared, 21, lambda one: share(challenge=chosen[0], by=one.user))
    put(
        choice.reminded,
        21,
        lambda one: want_reminders(challenge=chosen[0], wanted=True, by=one.user),
    )
    put(choice.worked_out, 21, lambda one: reach_challenge(challenge=chosen[0], by=one.user))
    put(choice.laid_aside, 19, lambda one: lay_aside(challenge=chosen[0], by=one.user))
