"""Somebody did not come and said nothing: the worker gets in touch the same day (R-090)."""

from typing import Any

from participants.intake import record_contact
from participants.models import ContactAttempt, Trajectory

ABOUT = "absence"


def note_contact(*, trajectory: Trajectory, by: Any, note: str = "") -> ContactAttempt:
    """They spoke about coming again; the to-do of that evening is done."""
    return record_contact(
        trajectory=trajectory,
        outcome=ContactAttempt.Outcome.SPOKEN,
        by=by,
        about=ABOUT,
        note=note,
    )
