from core.accounts.rights import declare
from core.accounts.roles import Role

SEE_MEETINGS = declare(
    "groups.see_meetings",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="Meetings and attendance of a group (R-004).",
)
RECORD_ATTENDANCE = declare(
    "groups.record_attendance", Role.YOUTH_WORKER, why="The sheet of tonight and its corrections."
)
PLACE = declare(
    "groups.place", Role.YOUTH_WORKER, why="Trial and definitive placement, moves, planning."
)
