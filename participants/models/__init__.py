from participants.models.agreements import (
    Agreement,
    ConsentLink,
    Guardian,
    ParentalConsent,
    UnsafeHome,
)
from participants.models.care import FollowUpCall, ReturnException
from participants.models.concerns import CareConcern, CareShare
from participants.models.intake import Consultation, ContactAttempt, Intake, Judgement, Referral
from participants.models.journey import PauseWish, StopHeard, Worry
from participants.models.person import Participant
from participants.models.signup import InterestRegistration, TurnedAway
from participants.models.stay import Hold, PhaseChange, Trajectory

__all__ = [
    "Agreement",
    "CareConcern",
    "CareShare",
    "ConsentLink",
    "Consultation",
    "ContactAttempt",
    "FollowUpCall",
    "Guardian",
    "Hold",
    "Intake",
    "InterestRegistration",
    "Judgement",
    "ParentalConsent",
    "Participant",
    "PauseWish",
    "PhaseChange",
    "Referral",
    "ReturnException",
    "StopHeard",
    "Trajectory",
    "TurnedAway",
    "UnsafeHome",
    "Worry",
]
