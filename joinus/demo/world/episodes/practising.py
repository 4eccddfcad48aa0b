"""Practising in the demo world: how it went, here and elsewhere, and what was said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from challenges.models import Challenge
from challenges.register.practising.notes import Told, note_practice
from challenges.talks.evaluating import Said, note_evaluation
from core import clock

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play

TAPS = UUID("8f2b3c5e-0d0b-4c58-9c8d-3b3b0f6f5a11")
HERE, ELSEWHERE = "inside", "outside"


@dataclass(frozen=True)
class Time:
    """Days count back from the last one."""

    name: str
    days: int
    outcome: str
    where: str = ELSEWHERE
    place: str = ""
    did: str = ""
    felt: str = ""


@dataclass(frozen=True)
class Talk:
    name: str
    days: int
    how: str
    satisfaction: int
    came_to: str = "go_on"


TIMES = (
    Time("Casey", 113, "worked", HERE, did="Ik zei als eerste hoi", felt="Mijn hart bonkte."),
    Time("Casey", 85, "worked", HERE, did="Ik legde Milan het spel uit", felt="Hij vroeg het!"),
    Time("Casey", 57, "not_yet", place="op school", did="Ik ging naar de kantine"),
    Time("Casey", 50, "worked", place="op het plein", did="Ik vroeg: mag ik meedoen?"),
    Time("Casey", 22, "partly", place="op school", felt="Nog niets gevraagd. Wel gewacht."),
    Time("Casey", 8, "worked", place="op school", did="We fietsten samen naar huis"),
    Time("Amir", 40, "partly", HERE),
    Time("Noor", 20, "worked", place="op school", did="Ik ging mee lunchen"),
    Time("Noor", 11, "not_yet", place="op school"),
    Time("Noor", 4, "not_yet"),
    Time("Sam", 30, "worked", HERE, did="Ik vroeg Bo hoe het ging"),
    Time("Cem", 16, "something_else"),
    Time("Aylin", 30, "worked", place="thuis", did="Ik belde Sofie", felt="We praatten een uur."),
)
TALKS = (
    Talk("Casey", 43, "Durft iets te vragen, ook op school. Wil het nog een keer proberen.", 7),
    Talk("Casey", 15, "Vindt wachten bij de fietsen het moeilijkst. Spreekt nu af in de klas.", 6),
    Talk("Sam", 29, "Vraagt elke keer iemand. Merkt dat het terugkomt.", 8),
    Talk("Aylin", 14, "Belt nu uit zichzelf. Heeft hier niets meer te oefenen.", 9, "none"),
)


def practising(play: Play) -> None:
    def life(name: str) -> Life:
        return next(one for one in play.lives.values() if one.person.name == name)

    def put(days: int, hour: int, act: Callable[[], object]) -> None:
        play.agenda.put(play.until - timedelta(days=days), hour, act)

    for time in TIMES:
        put(time.days, 21, partial(lambda time: _practise(life(time.name), time), time))
    for talk in TALKS:
        put(talk.days, 22, partial(lambda talk: _talk(life(talk.name), talk), talk))


def _newest(one: Life) -> Challenge:
    """What they try at that moment."""
    rows = Challenge.objects.filter(trajectory=one.stay).select_related("trajectory__participant")
    return rows.going().first() or rows.latest("chosen_on", "pk")


def _practise(one: Life, time: Time) -> None:
    told = Told(time.where, clock.today(), None, time.place, time.did, time.felt)
    note_practice(
        challenge=_newest(one),
        client_id=uuid5(TAPS, f"{one.stay.pk} {time.days}"),
        outcome=time.outcome,
        by=one.user,
        told=told,
    )


def _talk(one: Life, talk: Talk) -> None:
    said = Said(talk.how, talk.satisfaction, talk.came_to)
    note_evaluation(challenge=_newest(one), said=said, by=one.worker())
