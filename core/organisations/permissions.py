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
SET_RETENTION = declare(
    "organisations.set_retention",
    Role.FOUNDATION,
    why="How many months a class of records is kept, for everybody or for one organisation.",
)
