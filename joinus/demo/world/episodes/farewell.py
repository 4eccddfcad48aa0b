"""The cards 'You got this': one that the group writes on now, and one that was given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from groups.farewell.authors import lines_of
from groups.farewell.cards import give_card, start_card
from groups.farewell.standing import Standing
from groups.farewell.texts import put_on_the_card, write_text
from groups.models import FarewellCard
from participants.models import Trajectory

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play

WORDS = (
    "Jij vroeg als eerste of ik erbij kwam zitten. Dat vergeet ik niet.",
    "Met bowlen win je altijd. Nu maak ik weer kans.",
    "Ik ga je grapjes missen. Zelfs de slechte.",
    "Je luistert echt. Dat kunnen er niet veel.",
    "Jij durfde te bellen. Toen durfde ik ook.",
    "Ik gun je een klas vol mensen zoals jij.",
    "Zonder jou was ik die tweede keer niet gekomen.",
)
OF_A_WORKER = "Eerst stond je bij de deur. Nu houd je hem open voor een ander."


def farewell(play: Play) -> None:
    """Of whom is saying goodbye now; and of who left not long ago, read and given."""

    def of(what: str) -> list[Life]:
        return [life for life in play.lives.values() if life.person.what == what]

    def write(card: FarewellCard, half: bool) -> None:
        lines = [line for line in lines_of(card) if line.author.stay]
        for n, line in enumerate(lines[: len(lines) // 2] if half else lines):
            way = "pen" if n == 4 else "typed"
            words = WORDS[n % len(WORDS)]
            write_text(card=card, way=way, text=words, stay=line.author.stay)

    def read(card: FarewellCard, leave: int) -> None:
        worker = card.started_by
        waits = [line.text for line in lines_of(card) if line.standing == Standing.TO_READ]
        for text in [one for one in waits if one][: len(waits) - leave]:
            put_on_the_card(text=text, version=text.version, by=worker)
        write_text(card=card, way="typed", text=OF_A_WORKER, worker=worker)

    def going_on() -> None:
        for life in of("leaving"):
            stay = Trajectory.objects.get(pk=life.stay.pk)
            if stay.last_meeting_on:
                card = start_card(trajectory=stay, by=life.worker())
                write(card, half=True)
                read(card, leave=2)

    def given() -> None:
        for life in of("goal"):
            stay = Trajectory.objects.get(pk=life.stay.pk)
            if stay.phase == Trajectory.Phase.FORMER:
                card = start_card(trajectory=stay, by=life.worker())
                write(card, half=False)
                read(card, leave=0)
                give_card(card=card, by=life.worker())

    play.agenda.put(play.until - timedelta(days=1), 17, going_on)
    play.agenda.put(play.until - timedelta(days=2), 17, given)
