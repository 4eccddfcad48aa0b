"""Help that runs elsewhere: no reason to stay away, written down only with a yes (R-072)."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.models import CareElsewhere, Trajectory
from participants.stay.lock import lock


@transaction.atomic
def note_care(*, trajectory: Trajectory, text: str, agreed: bool, by: User) -> CareElsewhere:
    """`agreed`: the young person said that this may be written down.

    Raises RuleBroken: "consent_needed", and nothing is stored; "empty".
    """
    lock(trajectory)
    if not agreed:
        raise RuleBroken(
            _("Ask first whether this may be written down. Without a yes nothing is kept."),
            code="consent_needed",
            field="agreed",
        )
    if not text.strip():
        raise RuleBroken(_("Write down which help it is."), code="empty", field="text")
    row = CareElsewhere.objects.filter(trajectory=trajectory).first()
    row = row or CareElsewhere(trajectory=trajectory)
    row.text, row.consented_on, row.by = text.strip(), clock.today(), by
    row.save()
    return row


@transaction.atomic
def forget_care(*, trajectory: Trajectory, by: User) -> None:
    """The yes is taken back: the words are gone at once. Twice changes nothing."""
    lock(trajectory)
    CareElsewhere.objects.filter(trajectory=trajectory).delete()
