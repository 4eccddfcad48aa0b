from core.accounts.rights import declare
from core.accounts.roles import Role

SEE_LOST = declare(
    "messaging.see_lost",
    Role.FOUNDATION,
    why="That a message of no group could not be delivered: its kind and why, never to whom.",
)
SEE_MESSAGES = declare(
    "messaging.see_messages",
    Role.YOUTH_WORKER,
    why="Ready texts to send by hand and messages that could not be delivered.",
)
