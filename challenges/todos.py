"""What waits for somebody about challenges: the rules of its packages, as the roof wires them."""

from challenges.thread import todos as thread

RULES = (*thread.RULES,)
