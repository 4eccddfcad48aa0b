from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.accounts.rights import Permission, declare, reach
from core.accounts.roles import Role
from core.organisations.models import Group

SEE_MEETINGS = declare(
    "groups.see_meetings",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="Meetings and attendance of a group (R-004).",
)
RECORD_ATTENDANCE = declare(
    "groups.record_attendance", Role.YOUTH_WORKER, why="The sheet of tonight and its corrections."
)
CORRECT_ATTENDANCE = declare(
    "groups.correct_attendance",
    Role.REGIONAL_COORDINATOR,
    why="Correct a sheet after the thirty days in which its youth workers do (R-131).",
)
SEE_LOGBOOK = declare(
    "groups.see_logbook",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="What was written down about a meeting, and who was talked with (R-004).",
)
WRITE_LOGBOOK = declare(
    "groups.write_logbook", Role.YOUTH_WORKER, why="The logbook of the own group's meetings."
)
WRITE_FEEDBACK = declare(
    "groups.write_feedback",
    Role.REGIONAL_COORDINATOR,
    why="A word to the workers after reading the logbook (R-141).",
)
PLACE = declare(
    "groups.place", Role.YOUTH_WORKER, why="Trial and definitive placement, moves, planning."
)
DESCRIBE_DOOR = declare(
    "groups.describe_door",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="Say in words which door a group meets behind.",
)
HANDLE_FUNDING = declare(
    "groups.handle_funding",
    Role.YOUTH_WORKER,
    why="Whom an activity costs too much, and what was arranged (R-098).",
)
MODERATE = declare(
    "groups.moderate_room",
    Role.YOUTH_WORKER,
    why="Read and keep the room of the own group in order (R-226, R-227).",
)
JUDGE_ALONE = declare(
    "groups.judge_alone",
    Role.REGIONAL_COORDINATOR,
    why="Look at a post that no worker of the group can look at: the one post, nothing around it.",
)


def reaches(user: Viewer, permission: Permission, group: Group) -> bool:
    """Does it reach this group, by itself or through its region? Wants `group.location`."""
    far = reach(user, permission)
    return group.pk in far.groups or group.location.region_id in far.regions


def require_reach(user: Viewer, permission: Permission, group: Group) -> None:
    """As `require_here`, for a permission that may also reach through a region (two queries)."""
    if not reaches(user, permission, group):
        raise PermissionDenied(_("Only the youth workers of this group can do this."))


def require_here(user: Viewer, permission: Permission, group_id: UUID | None) -> None:
    """The group is visible to this user; raises PermissionDenied with a reason when the act is
    not theirs (403, trust.md 1).
    """
    if not holds_here(user, permission, group_id):
        raise PermissionDenied(_("Only the youth workers of this group can do this."))


def holds_here(user: Viewer, permission: Permission, group_id: UUID | None) -> bool:
    """Does this permission of `user`, bound to groups, reach this one? No group: no."""
    return group_id in reach(user, permission).groups
