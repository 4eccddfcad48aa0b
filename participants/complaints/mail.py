"""Two mails that say only that something waits: no name, no group, no subject matter.

They belong to no group, so that no worker finds a ready text or a dead letter of them.
"""

from django.conf import settings
from django.urls import reverse

from core.messaging import outbox
from participants.models import Complaint, ComplaintStep


def told(row: Complaint) -> None:
    if row.to.contact is None:
        return
    outbox.write(
        contact=row.to.contact,
        template="something_told",
        kind="participants.something_told",
        dedupe_key=f"something_told:{row.pk}",
        subject_id=row.pk,
        urgency=outbox.IMMEDIATE,
        params={"page_url": _address("participants:complaint", row.pk)},
    )


def answered(step: ComplaintStep) -> None:
    """To the young person, in daytime, and only where mail is safe: nobody sends it by hand."""
    contact = step.complaint.trajectory.participant.contact
    if not contact.email or "email" not in contact.safe_channels:
        return
    outbox.write(
        contact=contact,
        template="something_ready",
        kind="participants.something_ready",
        dedupe_key=f"something_ready:{step.pk}",
        subject_id=step.complaint_id,
        params={"page_url": _address("home:today")},
    )


def _address(name: str, *args: object) -> str:
    site: str = settings.SITE_URL
    return site.rstrip("/") + reverse(name, args=args)
