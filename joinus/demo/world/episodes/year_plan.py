"""One group has its season planned; the others show what is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groups.evenings.meetings import plan_ahead
from groups.year_plan.plan import year_plan
from joinus.demo.world.cast import GROUPS

if TYPE_CHECKING:
    from joinus.demo.world.play import Play


def season(play: Play) -> None:
    """What is ticked, as it stands, on the last day."""
    plan = GROUPS[0]

    def ahead() -> None:
        group = play.group(plan)
        plan_ahead(group=group, dates=year_plan(group).ticked, by=play.worker(plan))

    play.agenda.put(play.until, 12, ahead)
