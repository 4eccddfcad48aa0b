"""What the two workers think lies under it: of Casey one was recognised in the talk and one let go;
about Sam two stand beside each other, of which one waits for the colleague.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from challenges.hypotheses import outcome
from challenges.hypotheses.agreeing import say_opinion
from challenges.hypotheses.grounds import offered
from challenges.hypotheses.thinking import Idea, write_hypothesis
from challenges.models import Hypothesis, Mechanism
from challenges.register.mechanism import say_mechanism
from core import clock

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play


@dataclass(frozen=True)
class Thought:
    """Days count back from the last one; `worker`: which of the two wrote it. `answer`: what the
    other said, a day later; `talk`: when the young person was asked, and what came out of it."""

    name: str
    days: int
    worker: int
    text: str
    mechanism: str
    answer: tuple[bool, str] | None = (True, "")
    talk: tuple[int, str, str] | None = None
    challenge: int | None = None


THOUGHTS = (
    Thought(
        "Casey",
        140,
        0,
        "Casey weet niet hoe je vraagt of je mee mag doen, en blijft daarom zitten.",
        Mechanism.SKILLS,
        talk=(131, "confirm", "Casey kent het spel niet en weet niet welke vragen je dan stelt."),
        challenge=118,
    ),
    Thought(
        "Casey",
        140,
        1,
        "Casey denkt dat de anderen Casey niet leuk vinden, of dat het een afgang wordt.",
        Mechanism.COGNITIONS,
        answer=(True, "Kan ook. Laten we het allebei open houden."),
        talk=(131, "drop", "Casey voelde zich welkom in de groep. Dit was het niet."),
    ),
    Thought(
        "Sam",
        60,
        0,
        "Sam verwacht dat anderen boos worden als Sam iets anders wil.",
        Mechanism.COGNITIONS,
        answer=(False, "Volgens mij weet Sam niet hoe je nee zegt zonder ruzie."),
    ),
    Thought(
        "Sam",
        4,
        1,
        "Sam weet niet hoe je zegt dat je iets anders wilt.",
        Mechanism.SKILLS,
        answer=None,
    ),
)
ENDS: dict[str, Callable[..., Hypothesis]] = {"confirm": outcome.confirm, "drop": outcome.drop}


def hypotheses(play: Play) -> None:
    for thought in THOUGHTS:
        _plan(play, thought)


def _plan(play: Play, thought: Thought) -> None:
    written: list[Hypothesis] = []

    def put(days: int, act: Callable[[Life, Hypothesis], object]) -> None:
        day = play.until - timedelta(days=days)
        play.agenda.put(day, 21, lambda: act(life(), written[0]), minute=40)

    def life() -> Life:
        return next(one for one in play.lives.values() if one.person.name == thought.name)

    def write() -> None:
        one = life()
        by = one.worker(thought.worker)
        seen = frozenset(row.pk for row in offered(one.stay, by))
        idea = Idea(thought.text, thought.mechanism, seen)
        written.append(write_hypothesis(trajectory=one.stay, idea=idea, client_id=uuid4(), by=by))

    play.agenda.put(play.until - timedelta(days=thought.days), 21, write, minute=30)
    if thought.answer is not None:
        put(thought.days - 1, partial(_answer, thought))
    if thought.talk is not None:
        put(thought.talk[0], partial(_talk, thought))
    if thought.challenge is not None:
        put(thought.challenge, _link)


def _answer(thought: Thought, life: Life, row: Hypothesis) -> None:
    agrees, text = thought.answer or (True, "")
    by = life.worker(1 - thought.worker)
    row.refresh_from_db()
    say_opinion(hypothesis=row, agrees=agrees, by=by, version=row.version, text=text)


def _talk(thought: Thought, life: Life, row: Hypothesis) -> None:
    _days, end, text = thought.talk or (0, "confirm", "")
    ENDS[end](hypothesis=row, by=life.worker(0), on=clock.today(), text=text)


def _link(life: Life, row: Hypothesis) -> None:
    first = life.stay.challenges.order_by("chosen_on").first()
    if first is not None:
        by = life.worker(0)
        say_mechanism(challenge=first, mechanism=row.mechanism, by=by, hypothesis=row)
