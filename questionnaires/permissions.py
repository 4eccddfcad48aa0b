from core.accounts.rights import declare
from core.accounts.roles import Role

SEE_ANSWERS = declare(
    "questionnaires.see_answers",
    Role.YOUTH_WORKER,
    why="Individual answers: the workers of the own group, nobody else (R-005, R-007).",
)
SEE_RESPONSE = declare(
    "questionnaires.see_response",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="Which waves are open, answered or missed; never an answer.",
)
WRITE_BY_HAND = declare(
    "questionnaires.write_by_hand",
    Role.YOUTH_WORKER,
    why="Send a ready text when the reminders did not help (R-207).",
)
