"""What waits for somebody about challenges: the rules of its packages, as the roof wires them."""

from challenges.register import todos as register

RULES = (*register.RULES,)
