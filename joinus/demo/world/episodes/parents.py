"""Two referrers: one hears in broad lines how it goes, about the other somebody has to choose."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from core.texts.models import TextVersion
from participants.models import Trajectory
from participants.referrers import consent as feedback
from participants.referrers import register as referrers
from participants.referrers import telling

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play


def parents(play: Play) -> None:
    """Somebody of sixteen or older who takes part says yes; somebody younger has not chosen yet."""
    play.agenda.put(play.until - timedelta(days=80), 11, partial(_first, play))
    play.agenda.put(play.until - timedelta(days=20), 11, partial(_second, play))


def _grown(play: Play, under: bool) -> Life | None:
    """The first by call name who takes part now and is, or is not, under the age."""
    lives = sorted(play.lives.values(), key=lambda life: life.stay.participant.call_name)
    for life in lives:
        life.stay.refresh_from_db()
        takes_part = life.stay.phase == Trajectory.Phase.PARTICIPATING
        if takes_part and not life.stay.blocked_reason and feedback.under_age(life.stay) is under:
            return life
    return None


def _tied(play: Play, life: Life, function: str, name: str, workplace: str) -> None:
    worker = play.worker(life.plan)
    stay = life.stay
    row = referrers.keep_referrer(
        organisation=play.group(life.plan).location.organisation,
        function=function,
        name=name,
        workplace=workplace,
        email=f"{name.split()[0].lower()}@school.example",
        by=worker,
    )
    tie = referrers.tie_referrer(trajectory=stay, referrer=row, by=worker)
    if feedback.under_age(stay):
        return
    text = TextVersion.objects.current(feedback.TEXT, "nl")
    feedback.answer_for_myself(tie=tie, yes=True, by=life.user, text=text)
    telling.tell(tie=tie, phrase="signed_up", by=worker)
    referrers.agree_moment(
        tie=tie, next_on=play.until - timedelta(days=1), every_weeks=12, by=worker
    )


def _first(play: Play) -> None:
    if life := _grown(play, under=False):
        _tied(play, life, "mentor", "Karin de Boer", "Het College")


def _second(play: Play) -> None:
    if life := _grown(play, under=True):
        _tied(play, life, "care_coordinator", "Peter Smits", "De Vaart")
