"""A first evening with somebody at the door, a door in words, a code that was used."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest

from core import clock
from core.accounts import one_time
from core.accounts.sessions import SessionStore
from core.errors import RuleBroken
from core.organisations.doors import change_door_picture, describe_door, redrawn
from groups.evenings.first_evening import ask_to_wait
from joinus.demo.world import pictures
from participants.models import Trajectory
from participants.person import door_code

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

DOORS = {
    "arnhem-jong": "De blauwe deur links van het fietsenrek, niet de hoofdingang. Bel bij Join Us.",
}


def first_evenings(play: Play) -> None:
    """The last day: doors described, everybody in the trial asks for somebody at the door."""
    play.agenda.put(play.first_day + timedelta(days=2), 10, lambda: _doors(play))
    play.agenda.put(play.until, 11, lambda: _wait(play))
    play.agenda.put(play.until - timedelta(days=1), 19, lambda: _code(play))


def _doors(play: Play) -> None:
    for key, words in DOORS.items():
        group = play.stage.groups[key]
        worker = play.stage.workers[key][0]
        location = describe_door(location=group.location, door=words, by=worker)
        change_door_picture(location=location, image=redrawn(pictures.door()), by=worker)


def _wait(play: Play) -> None:
    for stay in Trajectory.objects.filter(phase=Trajectory.Phase.TRIAL).select_related(
        "participant__user"
    ):
        if stay.participant.user is None:
            continue
        try:
            ask_to_wait(trajectory=stay, by=stay.participant.user)
        except RuleBroken:
            continue  # the first evening is over, or a yes is still missing


def _code(play: Play) -> None:
    """Ilse has no mailbox at hand and came in with a code of Fleur's."""
    group = play.stage.groups["arnhem-jong"]
    stay = Trajectory.objects.filter(group=group, participant__call_name="Ilse").first()
    if stay is None:
        return
    handed = door_code.hand_code(trajectory=stay, by=play.stage.workers["arnhem-jong"][0])
    request = HttpRequest()
    request.session = SessionStore()
    with clock.travel(clock.now() + timedelta(minutes=2)):
        one_time.use_code(request, code=handed.code)
