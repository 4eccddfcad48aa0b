"""What challenges keeps: what was seen, what is thought, what is tried, and what helped."""

from challenges.models.challenge import (
    Challenge,
    ChallengeMechanism,
    PracticeNote,
    Proposal,
    SmallStep,
)
from challenges.models.coaching import ThreadSharing
from challenges.models.evaluation import Evaluation
from challenges.models.hypotheses import Hypothesis, HypothesisObservation, Opinion
from challenges.models.mechanism import Mechanism
from challenges.models.observing import Consequence, Jotting, Observation
from challenges.models.reference import ExampleChallenge, SupportForm
from challenges.models.support import PlannedSupport, Preparation, SupportUse

__all__ = [
    "Challenge",
    "ChallengeMechanism",
    "Consequence",
    "Evaluation",
    "ExampleChallenge",
    "Hypothesis",
    "HypothesisObservation",
    "Jotting",
    "Mechanism",
    "Observation",
    "Opinion",
    "PlannedSupport",
    "PracticeNote",
    "Preparation",
    "Proposal",
    "SmallStep",
    "SupportForm",
    "SupportUse",
    "ThreadSharing",
]
