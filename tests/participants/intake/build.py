"""The form of the first talk: as a worker fills it in, and as a browser posts it."""

from typing import Any

from core import clock
from participants.intake import talk
from participants.models import Intake, Trajectory

CRITERIA = ("motivation", "long_lasting", "cognitive")
CONTRA = ("group_behaviour", "psychiatric", "substances", "crisis", "dutch")


def all_answers(**changes: str) -> dict[str, tuple[str, str]]:
    answers = dict.fromkeys((*CRITERIA, *CONTRA), "meets") | changes
    return {subject: (answer, "") for subject, answer in answers.items()}


def complete(stay: Trajectory, by: Any, **changes: Any) -> Intake:
    """A form on which nothing is open any more."""
    judgements = changes.pop("judgements", all_answers())
    parts = {
        "mode": "phone",
        "held_on": clock.today(),
        "one_to_one": True,
        "need": "Vrienden om mee te gamen",
        "explained": True,
        "group_fit": "Past goed",
        "enthusiastic": True,
    } | changes
    stay = Trajectory.objects.get(pk=stay.pk)
    return talk.save_intake(
        trajectory=stay,
        by=by,
        expected_version=stay.intake.version,
        judgements=judgements,
        **parts,
    )


def posted(intake: Intake, **changes: Any) -> dict[str, Any]:
    data = {
        "version": intake.version,
        "mode": "phone",
        "held_on": clock.today().isoformat(),
        "one_to_one": "yes",
        "need": "Vrienden om mee te gamen",
        "explained": "on",
        "group_fit": "Past goed",
        "enthusiastic": "yes",
        **dict.fromkeys((*CRITERIA, *CONTRA), "meets"),
    }
    return {k: v for k, v in {**data, **changes}.items() if v is not None}


def address(stay: Trajectory, act: str = "gesprek") -> str:
    return f"/aanmeldingen/{stay.pk}/{act}/"


def refer(stay: Trajectory, by: Any) -> Intake:
    complete(stay, by, judgements=all_answers(psychiatric="does_not_meet"))
    return talk.decide(
        trajectory=stay,
        decision="referred",
        reason="Eerst behandeling",
        referral_to="general_practitioner",
        by=by,
    )
