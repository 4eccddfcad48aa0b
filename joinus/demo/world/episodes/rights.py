"""Somebody asks to read everything, somebody says that something is not right, and somebody tells
the coordinator that something is not okay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from participants.complaints import complaints
from participants.models import Trajectory
from participants.rights import requests as data_requests

if TYPE_CHECKING:
    from joinus.demo.world.play import Play


def rights(play: Play) -> None:
    def ask(kind: str, words: str = "") -> None:
        stay = _somebody(play, 0 if kind == "copy" else 1)
        if stay is not None and (young := stay.participant.user):
            data_requests.ask(trajectory=stay, kind=kind, words=words, by=young)

    def tell() -> None:
        stay = _somebody(play, 2)
        people = complaints.who_hears(stay) if stay is not None else []
        if stay is not None and people and (young := stay.participant.user):
            complaints.tell(
                trajectory=stay,
                to=people[0].user,
                words="Er worden grapjes over mij gemaakt en de begeleider lacht mee.",
                by=young,
            )

    last = play.until
    play.agenda.put(last - timedelta(days=6), 16, lambda: ask("copy"))
    play.agenda.put(
        last - timedelta(days=3), 17, lambda: ask("correction", "Mijn postcode is veranderd.")
    )
    play.agenda.put(last - timedelta(days=2), 20, tell)


def _somebody(play: Play, n: int) -> Trajectory | None:
    """The n-th person with an account who takes part now, the same in every play."""
    stays = Trajectory.objects.filter(
        pk__in=play.lives.keys(), phase="participating", participant__user__isnull=False
    ).select_related("participant__user", "group__location")
    return stays.order_by("participant__call_name")[n : n + 1].first()
