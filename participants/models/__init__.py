"""What is kept about a person and a stay: one file per subject, each list beside its model."""

from participants.models.agreements import (
    Agreement,
    ConsentLink,
    Guardian,
    ParentalConsent,
    UnsafeHome,
)
from participants.models.alike import NotTheSame
from participants.models.care import CallWish, FollowUpCall, ReturnException
from participants.models.complaints import Complaint, ComplaintStep
from participants.models.concerns import CareConcern, CareShare
from participants.models.holds import Hold
from participants.models.home import AskedAgain, HomeSilence, ParentAtWork
from participants.models.intake import (
    CareElsewhere,
    Consultation,
    ContactAttempt,
    FirstIdea,
    HandOver,
    Intake,
    Judgement,
    OneToOneAnswer,
    Referral,
)
from participants.models.journey import PauseWish, StopHeard, Worry
from participants.models.leaving import ExitAgreement, ExitTalk, ParentsAtExit
from participants.models.person import Participant
from participants.models.policy import BirthDateCorrection, ConsentPolicyChange
from participants.models.recusal import KnowsSomebody, Recusal
from participants.models.referrers import FeedbackConsent, Quote, Referrer, ReferrerTie, Told
from participants.models.rights import DataRequest
from participants.models.signup import (
    InterestCount,
    InterestRegistration,
    SignUpReceipt,
    TurnedAway,
)
from participants.models.stay import PhaseChange, Trajectory

__all__ = [
    "Agreement",
    "AskedAgain",
    "BirthDateCorrection",
    "CallWish",
    "CareConcern",
    "CareElsewhere",
    "CareShare",
    "Complaint",
    "ComplaintStep",
    "ConsentLink",
    "ConsentPolicyChange",
    "Consultation",
    "ContactAttempt",
    "DataRequest",
    "ExitAgreement",
    "ExitTalk",
    "FeedbackConsent",
    "FirstIdea",
    "FollowUpCall",
    "Guardian",
    "HandOver",
    "Hold",
    "HomeSilence",
    "Intake",
    "InterestCount",
    "InterestRegistration",
    "Judgement",
    "KnowsSomebody",
    "NotTheSame",
    "OneToOneAnswer",
    "ParentAtWork",
    "ParentalConsent",
    "ParentsAtExit",
    "Participant",
    "PauseWish",
    "PhaseChange",
    "Quote",
    "Recusal",
    "Referral",
    "Referrer",
    "ReferrerTie",
    "ReturnException",
    "SignUpReceipt",
    "StopHeard",
    "Told",
    "Trajectory",
    "TurnedAway",
    "UnsafeHome",
    "Worry",
]
