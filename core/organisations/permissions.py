from core.accounts.rights import declare
from core.accounts.roles import Role

SEE_GROUPS = declare(
    "organisations.see_groups",
    Role.YOUTH_WORKER,
    Role.ORGANISATION_MANAGER,
    Role.REGIONAL_COORDINATOR,
    Role.QUALITY_COORDINATOR,
    Role.FOUNDATION,
    why="That a group exists, its places and its counts; never a person.",
)
