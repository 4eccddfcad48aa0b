"""A letter to a parent that held a link and never arrived: the link is wiped, where is a new one?

A dead letter is never sent again with a link that is gone; a new question has a new link, and a
worker sends it from the page that knows whether this home may be written to.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.messaging.models import Message
from participants.models import FeedbackConsent, ParentalConsent, Trajectory
from participants.parents import mail as parental_mail


@dataclass(frozen=True)
class Way:
    """The page with the new link, its button, and what to do there."""

    url: str
    action: str
    mend: str


def way_to_a_new_link(message: Message, user: Viewer) -> Way | None:
    """For a letter about a stay this user may open; None for every other letter."""
    if not message.had_secret or message.subject_id is None:
        return None
    asked: Any
    if message.kind in (*parental_mail.WHILE_OPEN, parental_mail.RECEIPT):
        asked = ParentalConsent.objects.filter(pk=message.subject_id).values("trajectory")
        page = "parents"
    elif message.kind == FeedbackConsent.LETTER:
        asked = FeedbackConsent.objects.filter(pk=message.subject_id).values("tie__trajectory")
        page = "referrers"
    else:
        return None
    stay = Trajectory.objects.visible_to(user).filter(pk__in=asked).first()
    if stay is None:
        return None
    url = reverse(f"participants:{page}", args=[stay.pk])
    if message.kind == parental_mail.RECEIPT:
        return Way(
            url,
            _("Correct the address"),
            _("Its link is gone. Correct the address: then a new proof with a new link is sent."),
        )
    return Way(
        url,
        _("Send a new link"),
        _("Its link is gone, so this letter cannot be sent again. Check the address first."),
    )
