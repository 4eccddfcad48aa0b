"""What waits for somebody about challenges: the rules of its packages, as the roof wires them."""

from challenges.register import todos as register
from challenges.talks import todos as talks

RULES = (*register.RULES, *talks.RULES)
