"""Which group, evening or stay a page is about: 404 when out of sight, 403 when not theirs.

Out of sight is decided by `visible_to` alone; who sees it without leading the group (a manager, the
coordinator, the young person whose stay it is) is told whose act it is. See participants/access.py.
"""

from uuid import UUID

from django.shortcuts import get_object_or_404

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.organisations.models import Group
from groups.models import Meeting
from groups.permissions import PLACE, SEE_MEETINGS, require_here
from participants.access import stay_in_sight
from participants.models import Trajectory


def group_of(request: SignedIn, group_id: UUID) -> Group:
    """A group within reach whose people this user may see; managers get counts elsewhere (403)."""
    group: Group = get_object_or_404(
        Group.objects.visible_to(request.user).select_related("location__organisation"),
        pk=group_id,
    )
    if not may(request.user, SEE_MEETINGS):
        require_here(request.user, PLACE, group.pk)
    return group


def meeting_of(request: SignedIn, meeting_id: UUID) -> Meeting:
    """A meeting of a group that this worker plans."""
    meeting: Meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("group"), pk=meeting_id
    )
    require_here(request.user, PLACE, meeting.group_id)
    return meeting


def stay_of(request: SignedIn, trajectory_id: UUID) -> Trajectory:
    """A stay of a group they lead; also before there is one, it is nobody else's to place."""
    stay = stay_in_sight(request, trajectory_id, "participant", "group")
    require_here(request.user, PLACE, stay.group_id)
    return stay
