"""The two buttons in a mail about a wave, "Tomorrow" and "Rather not": a link each (R-349).

Whoever reads the mailbox may press them, so they ask no sign-in, show no answer, and do only what
the young person can take back after signing in. A link names its wave and its button, signed; it
works while that wave is open and leaves with the mail as its secret. While a needed yes is missing
it is as dead as any other (R-350): the page tells the mailbox no reason.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from core.tokens import token_hash
from questionnaires.cycle import on_hold
from questionnaires.models import Invitation

TOMORROW = "questionnaires.tomorrow"
RATHER_NOT = "questionnaires.rather_not"


def links(invitation: Invitation) -> dict[str, str]:
    """What goes into a mail about this wave, to be wiped when it has left."""
    site = settings.SITE_URL.rstrip("/")
    tomorrow = signing.dumps(invitation.pk.hex, salt=TOMORROW)
    rather_not = signing.dumps(invitation.pk.hex, salt=RATHER_NOT)
    return {
        "tomorrow_url": site + reverse("questionnaires:tomorrow_by_mail", args=[tomorrow]),
        "rather_not_url": site + reverse("questionnaires:rather_not_by_mail", args=[rather_not]),
    }


def wave_of(token: str, salt: str) -> str:
    """The key of the wave that this link names; for a forged or cut-off one, no wave's key."""
    try:
        return str(UUID(signing.loads(token, salt=salt)))
    except (signing.BadSignature, AttributeError, TypeError, ValueError):
        return token_hash(token, "mail_button").hex()[:30]


def open_wave(key: str) -> Invitation | None:
    """The wave, while it is open and every needed yes stands. Reads only."""
    try:
        wave = UUID(key)
    except ValueError:
        return None
    rows = Invitation.objects.open().filter(on_hold.with_a_yes())
    rows = rows.select_related("trajectory__participant")
    return rows.filter(pk=wave).first()
