"""What somebody who signed up may expect now: who, how, until when, or what they wait for.

From the sign-up until the first evening. A decision is told by a person, never by this page: until
that was done, a talk that was decided reads like one that goes on (R-064).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core import clock
from core.accounts.models import User
from core.organisations.models import Organisation
from participants.models import Intake, Trajectory
from participants.signup.choices import WHEN, shown
from participants.signup.first_contact import expected, promised_by
from participants.signup.sign_up import organisation_of

Phase = Trajectory.Phase


class Step(StrEnum):
    CONTACT = "contact"  # nobody has spoken them yet
    TALK = "talk"  # spoken; the first talk comes
    TALKING = "talking"  # the talk has begun, or its outcome was not told yet
    EVENING = "evening"  # told that it fits: one evening to look around comes


@dataclass(frozen=True)
class Expecting:
    """What the own page shows. `organisation`: whom to call when nobody got in touch.

    How many wait, or who comes first, is not told: the worker chooses, so others may pass.
    """

    step: Step
    workers: list[User]
    has_group: bool
    by: str
    when: str
    latest: date
    late: bool
    waiting_since: date | None
    organisation: Organisation | None


def expecting(stay: Trajectory) -> Expecting | None:
    """Of a stay before its first evening; None afterwards. A fixed number of queries."""
    if stay.phase not in Phase.ARRIVING:
        return None
    latest = promised_by(clock.day_of(stay.signed_up_at))
    step = _step(stay)
    late = step == Step.CONTACT and clock.today() > latest
    return Expecting(
        step=step,
        workers=expected(stay),
        has_group=stay.group_id is not None,
        by=stay.first_contact_by,
        when="" if stay.first_contact_when in ("", "any") else _when(stay),
        latest=latest,
        late=late,
        waiting_since=stay.waiting_since,
        organisation=organisation_of(stay.group_id) if late and stay.group_id else None,
    )


def _step(stay: Trajectory) -> Step:
    if stay.phase == Phase.SIGNED_UP:
        return Step.TALK if stay.contacted_at is not None else Step.CONTACT
    told = Intake.objects.filter(
        trajectory=stay, decision=Intake.Decision.SUITABLE, told_at__isnull=False
    )
    return Step.EVENING if told.exists() else Step.TALKING


def _when(stay: Trajectory) -> str:
    return str(shown(stay.first_contact_when, WHEN))
