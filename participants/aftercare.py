"""After the last meeting: telephone talks (R-191, R-194) and the exception to return (R-195)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.rights import reach
from core.errors import RuleBroken
from participants.models import FollowUpCall, Participant, ReturnException, Trajectory
from participants.permissions import CONSULT, DECIDE
from participants.stays import lock

ADVISED_CALLS = 3


@transaction.atomic
def record_call(*, trajectory: Trajectory, outcome: str, note: str = "", by: Any) -> FollowUpCall:
    """Note a talk with a former participant. Locks the stay. Raises RuleBroken("not_former")."""
    lock(trajectory)
    if trajectory.phase != Trajectory.Phase.FORMER:
        raise RuleBroken(_("This person still takes part."), code="not_former")
    if outcome not in FollowUpCall.Outcome.values:
        raise RuleBroken(_("Choose how it went."), code="outcome_unknown", field="outcome")
    return FollowUpCall.objects.create(
        trajectory=trajectory, outcome=outcome, note=note, by=by, at=clock.now()
    )


def calls_warning(trajectory: Trajectory) -> str:
    """R-194: two to three talks are allowed; a sentence from the third on, else nothing."""
    talks = FollowUpCall.objects.filter(trajectory=trajectory).exclude(
        outcome=FollowUpCall.Outcome.NOT_REACHED
    )
    if talks.count() < ADVISED_CALLS:
        return ""
    return _("You have had three talks. What other offer could be the next step?")


@transaction.atomic
def allow_return(
    *, participant: Participant, reason: str, discussed_with: Any, by: Any
) -> ReturnException:
    """A former participant may sign up once more, discussed with the regional coordinator.

    Raises RuleBroken with code not_former, reason_needed, not_the_coordinator or not_your_group.
    """
    last = (
        Trajectory.objects.select_for_update(of=("self",))
        .filter(participant=participant, phase=Trajectory.Phase.FORMER)
        .order_by("-signed_up_at")
        .first()
    )
    if last is None:
        raise RuleBroken(_("This person did not take part before."), code="not_former")
    if not reason.strip():
        raise RuleBroken(_("Write down why."), code="reason_needed", field="reason")
    if last.region_id not in reach(discussed_with, CONSULT).regions:
        raise RuleBroken(
            _("Talk it over with the coordinator of this region first."),
            code="not_the_coordinator",
            field="discussed_with",
        )
    near = reach(by, DECIDE).groups
    if last.group_id not in near and last.region_id not in reach(by, CONSULT).regions:
        raise RuleBroken(_("This person was in another group."), code="not_your_group")
    return ReturnException.objects.create(
        participant=participant,
        by=by,
        discussed_with=discussed_with,
        at=clock.now(),
        reason=reason,
    )
