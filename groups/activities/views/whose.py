"""Whose pages these are: the young people of the group, its workers; the coordinator reads.

Somebody who waits for a yes finds nothing here: no time, no place, no plan (trust.md 6).
"""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from core.accounts.actors import SignedIn
from core.organisations.models import Group
from groups.access import group_of
from groups.activities.ideas import with_people
from groups.models import Activity, Placement
from groups.permissions import PLACE, require_here
from participants.access import running_stay
from participants.models import Trajectory


def group_and_stay(request: SignedIn, group_id: UUID) -> tuple[Group, Trajectory | None]:
    """The group, and the own stay of a young person. 404 for another group's; see `group_of`."""
    if not request.user.is_participant:
        found = group_of(request, group_id)
        if request.method == "POST":
            require_here(request.user, PLACE, found.pk)
        return found, None
    stay = _own_stay(request)
    seats = Placement.objects.visible_to(request.user).held().filter(trajectory=stay)
    seat = get_object_or_404(seats.select_related("group__location"), group=group_id)
    return seat.group, stay


def activity_and_stay(request: SignedIn, activity_id: UUID) -> tuple[Activity, Trajectory | None]:
    """An activity of the own group, or within reach; a worker's act is no coordinator's (403).

    What was put aside is there for whoever thought of it, and for professionals.
    """
    user = request.user
    stay = _own_stay(request) if user.is_participant else None
    rows = Activity.objects.visible_to(user).filter(pk=activity_id)
    group = rows.values_list("group", flat=True).first()
    if group is None:
        raise Http404
    activity: Activity = get_object_or_404(
        with_people(rows, group).select_related("group__location")
    )
    if stay is None:
        if request.method == "POST":
            require_here(user, PLACE, activity.group_id)
    elif activity.put_aside_at is not None and activity.proposed_by_id != stay.pk:
        raise Http404
    return activity, stay


def _own_stay(request: SignedIn) -> Trajectory:
    stay = running_stay(request)
    if stay.blocked_reason:
        raise Http404
    return stay


def layout(stay: Trajectory | None) -> str:
    """One page for both: that of the young people, in the frame of whoever looks."""
    return "layouts/staff.html" if stay is None else "layouts/participant.html"
