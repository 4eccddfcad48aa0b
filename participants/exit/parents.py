"""Somebody under 16 leaves: always contact with the parents, feedback and tips (R-109).

A closing asks for it in the action itself. Two exceptions, both with the regional coordinator
(C-37): a home that may not be written to, recorded already, or one recorded here. Age is judged
on the day of closing: from 16 on the young person decides (R-107). A contact belongs to one
goodbye: when somebody stays after all, or a closing is taken back, the next one asks again.
"""

from datetime import date

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.ages import age_on
from core.errors import RuleBroken
from participants.exit import with_coordinator
from participants.models import (
    Guardian,
    HomeSilence,
    ParentsAtExit,
    PhaseChange,
    Trajectory,
    UnsafeHome,
)
from participants.recusal.recusal import coordinates
from participants.stay.lock import lock

UNTIL_AGE = 16


def is_needed(trajectory: Trajectory, day: date) -> bool:
    return age_on(trajectory.participant.birth_date, day) < UNTIL_AGE


def unsafe_home(trajectory: Trajectory) -> UnsafeHome | None:
    """The exception that stands already: this home is not written to."""
    rows = UnsafeHome.objects.filter(trajectory=trajectory, ended_at__isnull=True)
    return rows.select_related("coordinator").first()


def silence(trajectory: Trajectory) -> HomeSilence | None:
    """'Home may not know this': the contact at a goodbye stands above it, but is told first (C-48).

    Until somebody talked with them no number of a parent is at hand.
    """
    rows = HomeSilence.objects.in_force().filter(participant=trajectory.participant_id)
    return rows.select_related("talked_by").first()


def guardians(trajectory: Trajectory) -> QuerySet[Guardian]:
    """The parents that are known, to say who was spoken to."""
    rows = Guardian.objects.filter(participant=trajectory.participant_id)
    return rows.select_related("contact")


def contact_for_this_goodbye(trajectory: Trajectory) -> ParentsAtExit | None:
    """The newest contact or exception since this person last (again) took part.

    An exception of which its coordinator says that it was not discussed does not count.
    """
    rows = contacts_for_this_goodbye(trajectory)
    return rows.select_related("by", "coordinator", "guardian__contact").last()


def contacts_for_this_goodbye(trajectory: Trajectory | OuterRef) -> QuerySet[ParentsAtExit]:
    """Those that `contact_for_this_goodbye` chooses the newest of."""
    back = PhaseChange.objects.filter(
        trajectory=OuterRef("trajectory"), to_phase=Trajectory.Phase.PARTICIPATING
    ).order_by("-at", "-pk")
    rows = ParentsAtExit.objects.filter(trajectory=trajectory).standing()
    return rows.filter(at__gte=Coalesce(Subquery(back.values("at")[:1]), F("at")))


def is_settled(trajectory: Trajectory, day: date) -> bool:
    return (
        not is_needed(trajectory, day)
        or unsafe_home(trajectory) is not None
        or contact_for_this_goodbye(trajectory) is not None
    )


def require(trajectory: Trajectory, day: date) -> None:
    """Raises RuleBroken("parents_first") while an under-16's parents were not spoken to."""
    if not is_settled(trajectory, day):
        raise RuleBroken(
            _("First speak with the parents: how it went, and tips. Write it down, then close."),
            "parents_first",
        )


@transaction.atomic
def record_talk(
    *,
    trajectory: Trajectory,
    spoken_on: date,
    feedback: str,
    tips: str,
    by: User,
    guardian: Guardian | None = None,
) -> ParentsAtExit:
    """The parents heard how it went and got tips. Locks the stay.

    Raises RuleBroken: not_in_group, home_not_safe, day_ahead, feedback_needed, tips_needed,
    other_child.
    """
    lock(trajectory)
    _in_group(trajectory)
    if unsafe_home(trajectory) is not None:
        raise RuleBroken(
            _("This home is not contacted: that was decided with the coordinator."),
            "home_not_safe",
        )
    if spoken_on > clock.today():
        raise RuleBroken(_("Choose the day you spoke."), "day_ahead", "spoken_on")
    if not feedback.strip():
        raise RuleBroken(
            _("Write in a sentence what you told them."), "feedback_needed", "feedback"
        )
    if not tips.strip():
        raise RuleBroken(_("Write down which tips you gave."), "tips_needed", "tips")
    if guardian is not None and guardian.participant_id != trajectory.participant_id:
        raise RuleBroken(_("This is not a parent of this young person."), "other_child", "guardian")
    with_coordinator.hear(trajectory=trajectory, by=by)
    return ParentsAtExit.objects.create(
        trajectory=trajectory,
        guardian=guardian,
        spoken_on=spoken_on,
        feedback=feedback.strip(),
        tips=tips.strip(),
        by=by,
        at=clock.now(),
    )


@transaction.atomic
def record_exception(
    *, trajectory: Trajectory, coordinator: User, reason: str, by: User
) -> ParentsAtExit:
    """No contact with the parents, decided with the coordinator of the region (C-37).

    Who was named is asked whether that is so (`participants.exit.with_coordinator`).
    Raises RuleBroken: not_in_group, reason_needed, not_the_coordinator.
    """
    lock(trajectory)
    _in_group(trajectory)
    if not reason.strip():
        raise RuleBroken(_("Write down why."), "reason_needed", "reason")
    if not coordinates(coordinator, trajectory):
        raise RuleBroken(
            _("Decide this with the coordinator of the region."),
            "not_the_coordinator",
            "coordinator",
        )
    with_coordinator.hear(trajectory=trajectory, by=by)
    return ParentsAtExit.objects.create(
        trajectory=trajectory,
        coordinator=coordinator,
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )


def _in_group(trajectory: Trajectory) -> None:
    if trajectory.phase not in Trajectory.Phase.IN_GROUP:
        raise RuleBroken(_("This stay is not running any more."), "not_in_group")
