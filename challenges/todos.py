"""What waits for somebody about challenges: the rules of its packages, as the roof wires them."""

from challenges.hypotheses import todos as hypotheses
from challenges.register import todos as register
from challenges.talks import todos as talks
from challenges.thread import todos as thread

RULES = (*register.RULES, *hypotheses.RULES, *talks.RULES, *thread.RULES)
