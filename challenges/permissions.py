from core.accounts.rights import declare
from core.accounts.roles import Role

NOTE = declare(
    "challenges.note",
    Role.YOUTH_WORKER,
    why="Write down what somebody of the own group wants to try, and how it ended (R-099).",
)
OBSERVE = declare(
    "challenges.observe",
    Role.YOUTH_WORKER,
    why="Observations, hypotheses and support of the own groups; on no other screen (R-154).",
)
COACH = declare(
    "challenges.coach",
    Role.REGIONAL_COORDINATOR,
    why="Read a thread that a worker shared under another name, for coaching (R-268).",
)
MANAGE_SUPPORT_FORMS = declare(
    "challenges.manage_support_forms",
    Role.FOUNDATION,
    why="The list of support forms: added from the manual, reworded, retired (R-173, R-176).",
)
