"""A pause: asked for by the young person, agreed with a worker, ended by either (design.md 4.9).

Locks the stay. Who may make the move itself stands in `participants.journey.moves`.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.journey import journey
from participants.models import PauseWish, Trajectory
from participants.stay.lock import lock

Phase, Outcome = Trajectory.Phase, PauseWish.Outcome


@transaction.atomic
def ask_pause(
    *, trajectory: Trajectory, by: User, why: str = "", back_on: date | None = None
) -> PauseWish:
    """*I want a break*: a worker hears it the same day. Asking twice is asking once.

    Raises RuleBroken: only_while_taking_part, back_in_the_past.
    """
    lock(trajectory)
    if trajectory.phase != Phase.PARTICIPATING:
        raise RuleBroken(
            _("You can take a break while you take part. Ask your youth worker."),
            "only_while_taking_part",
        )
    if back_on is not None and back_on <= clock.today():
        raise RuleBroken(_("Choose a day that is still to come."), "back_in_the_past", "back_on")
    wish = open_wish(trajectory)
    if wish is None:
        return PauseWish.objects.create(
            trajectory=trajectory, asked_at=clock.now(), why=why, back_on=back_on
        )
    wish.why, wish.back_on = why or wish.why, back_on or wish.back_on
    wish.save(update_fields=["why", "back_on"])
    return wish


@transaction.atomic
def take_back_wish(*, trajectory: Trajectory, by: User) -> None:
    lock(trajectory)
    _settle(trajectory, Outcome.TAKEN_BACK, by)


@transaction.atomic
def pause(
    *, trajectory: Trajectory, by: User, reason: str, back_on: date | None = None
) -> Trajectory:
    """The worker agrees on the pause. Raises what `journey.pause_stay` raises."""
    journey.pause_stay(trajectory=trajectory, by=by, reason=reason, back_on=back_on)
    _settle(trajectory, Outcome.PAUSED, by)
    return trajectory


@transaction.atomic
def go_on(*, trajectory: Trajectory, by: User) -> None:
    """They talked and there is no pause after all."""
    lock(trajectory)
    _settle(trajectory, Outcome.GOES_ON, by)


def open_wish(trajectory: Trajectory) -> PauseWish | None:
    return PauseWish.objects.filter(trajectory=trajectory, settled_at__isnull=True).first()


def _settle(trajectory: Trajectory, outcome: str, by: User) -> None:
    wish = open_wish(trajectory)
    if wish is not None:
        wish.settled_at, wish.settled_by, wish.outcome = clock.now(), by, outcome
        wish.save(update_fields=["settled_at", "settled_by", "outcome"])
