"""A thread that is talked over in coaching: Fleur shares Casey's, without the name (R-268)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from challenges.thread.sharing import share

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

NAME, DAYS_AGO, DAYS = "Casey", 3, 14


def coaching(play: Play) -> None:
    def shared() -> None:
        life = next(one for one in play.lives.values() if one.person.name == NAME)
        share(trajectory=life.stay, days=DAYS, by=life.worker())

    play.agenda.put(play.until - timedelta(days=DAYS_AGO), 21, shared)
