from core.accounts.rights import declare
from core.accounts.roles import Role

SEE_APPLICANTS = declare(
    "participants.see_applicants",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="Workers of the wanted group; the coordinator where there is no group yet.",
)
SEE_FILE = declare(
    "participants.see_file",
    Role.YOUTH_WORKER,
    why="Contact, guardians, intake and judgements: the own group's workers only (trust.md 3).",
)
SEE_JOURNEY = declare(
    "participants.see_journey",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="Phase, attendance and challenges of a participant (R-004).",
)
DECIDE = declare(
    "participants.decide",
    Role.YOUTH_WORKER,
    why="Intake, release of the parents' mail, moves in the journey.",
)
SEE_REGISTER = declare(
    "participants.see_register",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="The register of referrers by function (R-306); the workers keep it.",
)
CONSULT = declare(
    "participants.consult",
    Role.REGIONAL_COORDINATOR,
    why="Answer a worker's question about an intake (R-065).",
)
FIND_COORDINATOR = declare(
    "participants.find_coordinator",
    Role.FOUNDATION,
    why="That a region has no coordinator left for somebody, never for whom (ADR 0008).",
)
ANSWER_REQUESTS = declare(
    "participants.answer_requests",
    Role.YOUTH_WORKER,
    Role.REGIONAL_COORDINATOR,
    why="A request about own data: the group's workers; without a group the coordinator (R-101).",
)
HAND_CODE = declare(
    "participants.hand_code",
    Role.YOUTH_WORKER,
    why="Make a one-time sign-in code for somebody of the own group (C-41).",
)
SETTLE_CODE = declare(
    "participants.settle_code",
    Role.REGIONAL_COORDINATOR,
    Role.QUALITY_COORDINATOR,
    why="Hear that a young person did not use a code; quality where nobody else is outside.",
)
SET_CONSENT_POLICY = declare(
    "participants.set_consent_policy",
    Role.FOUNDATION,
    why="Whether parents decide or are informed, until which age, on which legal basis (C-36).",
)
HEAR_COMPLAINTS = declare(
    "participants.hear_complaints",
    Role.REGIONAL_COORDINATOR,
    Role.QUALITY_COORDINATOR,
    why="What a young person tells somebody outside the group; only who was named (trust.md 11a).",
)
SEE_DEMAND = declare(
    "participants.see_demand",
    Role.REGIONAL_COORDINATOR,
    Role.QUALITY_COORDINATOR,
    Role.FOUNDATION,
    why="Where Join Us is wanted and not there: counts for planning new groups (R-035, R-044).",
)
