"""Who may think along about what a group does: whoever has a place in it and every yes."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.locks import lock_again
from groups.models import AbsenceNotice, Activity, Meeting, Placement, PlacementQuerySet
from groups.models.moments import is_over
from participants.models import Trajectory
from participants.stay.lock import lock


def seats_in(group_id: UUID) -> PlacementQuerySet:
    """The places that somebody holds in this group now; blocked and paused people included."""
    return Placement.objects.held().filter(group=group_id)


def lock_member(stay: Trajectory | None, group_id: UUID) -> None:
    """Lock the stay of whoever acts; nobody: a youth worker, whose right the page has asked.

    Raises RuleBroken: not_your_group.
    """
    if stay is None:
        return
    lock(stay)
    if stay.blocked_reason or not seats_in(group_id).filter(trajectory=stay).exists():
        raise RuleBroken(_("This is not an activity of your group."), "not_your_group")


def lock_activity(activity: Activity, stay: Trajectory | None) -> Activity:
    """The stay of whoever acts, then the activity, read afresh into this very object.

    Raises RuleBroken: not_your_group.
    """
    lock_member(stay, activity.group_id)
    lock_again(activity)
    return activity


def refuse_pause(stay: Trajectory | None) -> None:
    """Others count on whoever arranges something; that is for after the pause.

    Raises RuleBroken: paused.
    """
    if stay is not None and stay.phase == Trajectory.Phase.PAUSED:
        raise RuleBroken(
            _("You are taking a break now. You can arrange something when you take part again."),
            "paused",
        )


def is_plan_of(activity: Activity) -> Meeting | None:
    """The meeting it belongs to. A cancelled one has no activity: its plan is an idea again, until
    the cancelling is taken back or the group does it at another meeting."""
    meeting = activity.meeting
    if meeting is None or meeting.status == Meeting.Status.CANCELLED:
        return None
    return meeting


def is_done(activity: Activity, now: datetime) -> bool:
    """Its meeting is over."""
    meeting = is_plan_of(activity)
    return meeting is not None and is_over(meeting, now)


def refuse_put_aside(activity: Activity) -> None:
    """Raises RuleBroken: put_aside."""
    if activity.put_aside_at is not None:
        raise RuleBroken(_("This idea was put aside."), "put_aside")


def who_cannot_come(activity: Activity) -> frozenset[UUID]:
    """Stays that told us so beforehand, of the meeting it is the plan of; for its workers."""
    notices = AbsenceNotice.objects.filter(
        meeting=activity.meeting_id, meeting__isnull=False, taken_back_at=None
    )
    return frozenset(notices.values_list("trajectory", flat=True))
