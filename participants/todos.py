"""What waits for somebody about people and stays: each part lives with its rule."""

from participants.care import call_wish
from participants.care import todos as care
from participants.complaints import todos as complaints
from participants.consent import todos as consent
from participants.exit import with_coordinator
from participants.intake import hand_over, one_to_one
from participants.parents import not_again_todos as not_again
from participants.parents import todos as parents
from participants.person import door_code
from participants.person import todos as person
from participants.recusal import recusal
from participants.referrers import todos as referrers
from participants.rights import todos as rights
from participants.signup import knock_again
from participants.signup import todos as signup

#: Answers the port; the order is that of two to-dos which are alike in all else.
RULES = (
    *not_again.RULES,
    *signup.RULES,
    *referrers.RULES,
    *care.RULES,
    *call_wish.RULES,
    *recusal.RULES,
    *one_to_one.RULES,
    *hand_over.RULES,
    *person.RULES,
    *door_code.RULES,
    *knock_again.RULES,
    *with_coordinator.RULES,
    *rights.RULES,
    *complaints.RULES,
    *parents.RULES,
    *consent.RULES,
)
