"""Time to go on by yourself: the exit talk, and what somebody still wants to learn.

The participant decides when it is enough, with the help of two scaling questions (R-094, R-179);
leaving because the goal is reached asks for such a talk. Agreements are seen by both (R-181).
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from participants.models import ExitAgreement, ExitTalk, Trajectory
from participants.models.leaving import SCALE
from participants.stay import follow_up
from participants.stay.lock import lock

Phase = Trajectory.Phase
#: Leaving looks ahead: the list lives on when the evenings are over.
MAY_AGREE = (*Phase.IN_GROUP, Phase.FORMER)
MOST_AGREEMENTS = 10


@transaction.atomic
def record_exit_talk(
    *,
    trajectory: Trajectory,
    held_on: date,
    challenge_reached: int | None,
    satisfied: int | None,
    ready: bool,
    by: User,
    note: str = "",
) -> ExitTalk:
    """Write down a talk about leaving; None on a scale: rather no figure. Locks the stay.

    Raises RuleBroken: not_in_group, day_outside_stay, off_the_scale.
    """
    lock(trajectory)
    _in_group(trajectory)
    begun = trajectory.definitive_on
    if held_on > clock.today() or (begun is not None and held_on < begun):
        raise RuleBroken(
            _("Choose the day of the talk, at the latest today."), "day_outside_stay", "held_on"
        )
    for field, figure in (("challenge_reached", challenge_reached), ("satisfied", satisfied)):
        if figure is not None and figure not in SCALE:
            raise RuleBroken(_("Choose a figure from 0 to 10."), "off_the_scale", field)
    return ExitTalk.objects.create(
        trajectory=trajectory,
        held_on=held_on,
        challenge_reached=challenge_reached,
        satisfied=satisfied,
        ready=ready,
        note=note.strip(),
        by=by,
        at=clock.now(),
    )


def newest(trajectory: Trajectory) -> ExitTalk | None:
    return ExitTalk.objects.filter(trajectory=trajectory).select_related("by").last()


def require_ready(trajectory: Trajectory) -> None:
    """Reached the goal is what the participant says, in a talk (R-094, R-179).

    Raises RuleBroken: talk_first, not_ready.
    """
    talk = newest(trajectory)
    if talk is None:
        raise RuleBroken(
            _("First have the talk about leaving together, and write it down."),
            "talk_first",
            "exit_kind",
        )
    if not talk.ready:
        raise RuleBroken(
            _("In the last talk the answer was “not yet”. Talk again, or choose another reason."),
            "not_ready",
            "exit_kind",
        )


@transaction.atomic
def add_agreement(*, trajectory: Trajectory, text: str, by: User) -> ExitAgreement:
    """Something to go on learning, written by the worker or by the participant self.

    Raises RuleBroken: not_in_group, text_needed, enough_agreements.
    """
    lock(trajectory)
    if trajectory.phase not in MAY_AGREE:
        raise RuleBroken(_("This stay is not running any more."), "not_in_group")
    if not text.strip():
        raise RuleBroken(_("Write in a sentence what it is about."), "text_needed", "text")
    if agreements(trajectory).count() >= MOST_AGREEMENTS:
        raise RuleBroken(_("Ten is plenty. Take one away first."), "enough_agreements", "text")
    return ExitAgreement.objects.create(
        trajectory=trajectory, text=text.strip(), by=by, at=clock.now()
    )


@transaction.atomic
def drop_agreement(*, agreement: ExitAgreement, by: User) -> None:
    """It no longer counts. A participant takes away any line of the own list."""
    trajectory = lock(agreement.trajectory)
    if by.is_participant and trajectory.participant.user_id != by.pk:
        raise NotYours(_("This list belongs to somebody else."), "not_yours")
    ExitAgreement.objects.filter(pk=agreement.pk, dropped_at__isnull=True).update(
        dropped_at=clock.now()
    )


def agreements(trajectory: Trajectory) -> QuerySet[ExitAgreement]:
    return ExitAgreement.objects.filter(trajectory=trajectory, dropped_at__isnull=True)


@transaction.atomic
def choose_afterwards(*, trajectory: Trajectory, how: str, by: User) -> Trajectory:
    """Asked at leaving, changeable until then: a call or a message, three months later.

    Raises RuleBroken: unknown_choice, nothing_comes.
    """
    lock(trajectory)
    if how not in Trajectory.Afterwards.values:
        raise RuleBroken(_("Choose a call or a message."), "unknown_choice", "how")
    comes = follow_up.stands_or_lies_ahead([trajectory])
    if trajectory.phase not in MAY_AGREE or not comes:
        raise RuleBroken(_("Nothing will be asked any more."), "nothing_comes")
    trajectory.afterwards_by = how
    trajectory.save(update_fields=["afterwards_by"])
    return trajectory


def _in_group(trajectory: Trajectory) -> None:
    if trajectory.phase not in Phase.IN_GROUP:
        raise RuleBroken(_("This stay is not running any more."), "not_in_group")
