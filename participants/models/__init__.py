from participants.models.agreements import (
    Agreement,
    ConsentLink,
    Guardian,
    ParentalConsent,
    UnsafeHome,
)
from participants.models.care import FollowUpCall, ReturnException
from participants.models.intake import Consultation, ContactAttempt, Intake, Judgement, Referral
from participants.models.person import Participant
from participants.models.policy import BirthDateCorrection, ConsentPolicyChange
from participants.models.signup import InterestCount, InterestRegistration, TurnedAway
from participants.models.stay import Hold, PhaseChange, Trajectory

__all__ = [
    "Agreement",
    "BirthDateCorrection",
    "ConsentLink",
    "ConsentPolicyChange",
    "Consultation",
    "ContactAttempt",
    "FollowUpCall",
    "Guardian",
    "Hold",
    "Intake",
    "InterestCount",
    "InterestRegistration",
    "Judgement",
    "ParentalConsent",
    "Participant",
    "PhaseChange",
    "Referral",
    "ReturnException",
    "Trajectory",
    "TurnedAway",
    "UnsafeHome",
]
