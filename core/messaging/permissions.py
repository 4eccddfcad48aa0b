from core.accounts.rights import declare
from core.accounts.roles import Role

SEE_MESSAGES = declare(
    "messaging.see_messages",
    Role.YOUTH_WORKER,
    why="Ready texts to send by hand and messages that could not be delivered.",
)
