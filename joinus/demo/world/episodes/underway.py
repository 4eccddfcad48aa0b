"""Staying in touch: a worry, a break that is asked for, a care concern shared by agreement,
and somebody who is an example to others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from groups.seats.role_models import note_role_model
from participants.care import care_concerns, contact, worry
from participants.journey import pausing

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play


def underway(play: Play) -> None:
    def life(name: str) -> Life:
        return next(x for x in play.lives.values() if x.person.name == name)

    def worried() -> None:
        one = life("Milan")
        contact.note_attempt(
            trajectory=one.stay,
            outcome="no_answer",
            conclusion="worried",
            note="Was al stil op de laatste bijeenkomst. Neemt nu niet op.",
            by=one.worker(),
        )
        row = contact.open_worry(one.stay)
        if row is not None:
            worry.ask_to_think_along(
                worry=row,
                broad="Iemand is opeens stil en neemt niet op. Wat is een goede volgende stap?",
                by=one.worker(),
            )

    def asks_for_a_break() -> None:
        one = life("Finn")
        pausing.ask_pause(trajectory=one.stay, why="Druk met toetsen.", by=one.user)

    def cares() -> None:
        one = life("Evi")
        agreed = care_concerns.Basis(agreed_on=clock.today())
        row = care_concerns.record_concern(
            trajectory=one.stay,
            what="Slaapt slecht en wil er op school over praten.",
            basis=agreed,
            by=one.worker(),
        )
        care_concerns.share_concern(
            concern=row,
            to="school",
            whom="Mevrouw Bos, mentor",
            what="Dat slapen niet lukt, en dat Evi zelf wil vertellen waarom.",
            shared_on=clock.today(),
            basis=agreed,
            by=one.worker(),
        )

    def is_an_example() -> None:
        one = life("Noor")
        note_role_model(
            trajectory=one.stay,
            skill="spelregels uitleggen",
            agreed_on=clock.today(),
            agreed=True,
            by=one.worker(),
        )

    play.agenda.put(play.until - timedelta(days=26), 15, is_an_example)
    play.agenda.put(play.until - timedelta(days=16), 15, cares)
    play.agenda.put(play.until - timedelta(days=1), 15, worried)
    play.agenda.put(play.until - timedelta(days=1), 19, asks_for_a_break)
