"""Small builders for waves and answers; the cycle opens them in the real programme."""

from datetime import date, timedelta
from typing import Any

from core import clock
from participants.models import Trajectory
from questionnaires.models import Draft, Instrument, Invitation, Response


def make_invitation(
    stay: Trajectory, wave: str = "interim", sequence: int = 1, **fields: Any
) -> Invitation:
    opened: date = fields.pop("opened_on", clock.today())
    return Invitation.objects.create(
        trajectory=stay,
        wave=wave,
        sequence=sequence,
        instrument=fields.pop("instrument", None) or Instrument.objects.get(),
        earned_on=fields.pop("earned_on", opened),
        opened_on=opened,
        due_on=fields.pop("due_on", opened + timedelta(days=14)),
        **fields,
    )


def take_back(wave: Invitation, day: date | None = None, why: str = "stays") -> None:
    """As the cycle takes back what is no longer due: the row stays, and its unsent answers."""
    wave.state = Invitation.State.WITHDRAWN
    wave.reason |= {"withdrawn": {"on": (day or clock.today()).isoformat(), "why": why}}
    wave.save(update_fields=["state", "reason"])
    Draft.objects.filter(pk=wave.pk).update(partial=True)


def make_response(
    stay: Trajectory, answers: dict[int, int], wave: str, sequence: int, day: date
) -> Response:
    """An answered wave of `day`, written directly."""
    invitation = make_invitation(
        stay, wave, sequence, opened_on=day, state="answered", answered_on=day
    )
    return Response.objects.create(
        invitation=invitation,
        trajectory=stay,
        instrument=invitation.instrument,
        wave=wave,
        sequence=sequence,
        submitted_at=clock.at(day, 17),
        **{Response.column(n): v for n, v in answers.items()},
    )
