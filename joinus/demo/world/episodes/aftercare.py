"""After leaving: an own list, a message instead of a call, a talk when it goes less well; and an
exception to come back, which the coordinator who was named has not answered yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from core import clock
from participants.exit import aftercare as after
from participants.exit import exit_talk
from participants.models import Trajectory

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

TALK = after.Guide(
    what_happened="Nieuwe school, nog niemand om in de pauze bij te zitten.",
    own_part="Na de les blijven hangen en een vraag stellen.",
    from_others="Een oudere leerling die de eerste keer meegaat.",
)


def aftercare(play: Play) -> None:
    """The days are counted back from the last one; who is not there (any more) is left out."""

    def with_(name: str, ago: int, act: Callable[[Trajectory, Any], None]) -> None:
        def run() -> None:
            life = next((one for one in play.lives.values() if one.person.name == name), None)
            if life is None:
                return
            stay = Trajectory.objects.select_related("participant").get(pk=life.stay.pk)
            if stay.phase == Trajectory.Phase.FORMER:
                act(stay, life)

        play.agenda.put(play.until - timedelta(days=ago), 16, run)

    with_("Pien", 60, _likes_a_message)
    with_("Xena", 30, _not_reached)
    with_("Xena", 24, _goes_less_well)
    with_("Pien", 2, partial(_may_come_back, play))


def _likes_a_message(stay: Trajectory, life: Any) -> None:
    exit_talk.choose_afterwards(trajectory=stay, how="message", by=life.user)
    exit_talk.add_agreement(trajectory=stay, text="Meedoen met de bandavond.", by=life.user)


def _not_reached(stay: Trajectory, life: Any) -> None:
    after.record_call(trajectory=stay, outcome="not_reached", by=life.worker())


def _goes_less_well(stay: Trajectory, life: Any) -> None:
    after.record_call(
        trajectory=stay,
        outcome="support",
        guide=TALK,
        next_step="Maatjesproject van het sociaal werk; Fleur belt met de coördinator daar.",
        again_on=clock.today() + timedelta(days=21),
        by=life.worker(),
    )


def _may_come_back(play: Play, stay: Trajectory, life: Any) -> None:
    after.allow_return(
        participant=stay.participant,
        reason="Na de verhuizing opnieuw beginnen; het maatjesproject is daar net gestopt.",
        discussed_with=play.stage.coordinators[life.plan.region],
        by=life.worker(),
    )
