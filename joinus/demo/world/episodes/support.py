"""Support that becomes lighter, from modelling to challenging, and the next meeting prepared."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from challenges.models import SupportForm
from challenges.observations.meetings import meetings_of
from challenges.preparing.words import Wanted, prepare
from challenges.support.using import use_support
from core import clock
from groups.models import Meeting

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play

#: Days before the last one; the form, how, by whom.
USED = (
    ("Casey", 104, "modelling", "alone", "worker"),
    ("Casey", 90, "modelling", "group", "worker"),
    ("Casey", 76, "prompt", "alone", "worker"),
    ("Casey", 76, "rewarding", "group", "worker"),
    ("Casey", 48, "prompt", "alone", "worker"),
    ("Casey", 34, "role_model", "group", "peer"),
    ("Casey", 20, "challenging", "alone", "worker"),
    ("Casey", 6, "challenging", "alone", "worker"),
    ("Amir", 20, "role_play", "alone", "worker"),
)
PREPARED = {
    "Casey": Wanted(
        "Stelt een vraag als het spel wordt uitgelegd. Mag zelf kiezen welke.",
        planned=frozenset({"challenging", "compliment"}),
    ),
    "Amir": Wanted(
        "Leidt het overleg over de teams. Vooraf even doorpraten hoe.",
        planned=frozenset({"assign_role", "prompt"}),
    ),
    "Noor": Wanted("Legt het spel uit aan wie het niet kent."),
}


def support(play: Play) -> None:
    for name, days, form, setting, giver in USED:
        day = play.until - timedelta(days=days)
        act = partial(_use, play, name, form, setting, giver)
        play.agenda.put(day, 21, act, minute=30)
    for name, wanted in PREPARED.items():
        play.agenda.put(play.until, 9, partial(_prepare, play, name, wanted))


def _life(play: Play, name: str) -> Life:
    return next(one for one in play.lives.values() if one.person.name == name)


def _use(play: Play, name: str, form: str, setting: str, giver: str) -> None:
    """At the last meeting at which they were."""
    life = _life(play, name)
    by = life.worker(0)
    there = {"attendance__trajectory": life.stay, "attendance__state": "present"}
    meeting = meetings_of(life.stay, by).filter(**there).first()
    if meeting is not None:
        use_support(
            meeting=meeting,
            trajectory_id=life.stay.pk,
            form=SupportForm.objects.get(key=form),
            setting=setting,
            giver=giver,
            by=by,
        )


def _prepare(play: Play, name: str, wanted: Wanted) -> None:
    life = _life(play, name)
    meeting = Meeting.objects.upcoming(clock.now()).filter(group=life.stay.group).first()
    if meeting is not None:
        prepare(meeting=meeting, wanted={life.stay.pk: wanted}, by=life.worker(1))
