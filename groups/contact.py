"""Somebody did not come and said nothing: the worker gets in touch the same day (R-090)."""

from typing import Any

from django.db import transaction

from core import clock
from participants.models import ContactAttempt, Trajectory

ABOUT = "absence"


@transaction.atomic
def note_contact(*, trajectory: Trajectory, by: Any, note: str = "") -> ContactAttempt:
    """They spoke about coming again; the to-do of that evening is done."""
    stay = Trajectory.objects.select_for_update().get(pk=trajectory.pk)
    return ContactAttempt.objects.create(
        trajectory=stay,
        by=by,
        at=clock.now(),
        about=ABOUT,
        outcome=ContactAttempt.Outcome.SPOKEN,
        note=note,
    )
