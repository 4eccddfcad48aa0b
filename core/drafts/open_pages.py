"""A page that saves itself while somebody types, and asks what colleagues wrote meanwhile.

It gives out a pass when it was opened, and the opening is in the log of who looked; what follows
within the same night is read with that pass, so that nothing is read without a line.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.accounts.signin import keeps_on_the_phone
from core.drafts.tickets import mark_of
from core.encryption import keyed_hash

#: As long as a page may go on asking after it was opened.
PASS_LASTS = timedelta(hours=14)


class OpenPages:
    """The pages of one kind; `kind` stands in every pass and key, so that none fits another's."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._signer = Signer(salt=f"{kind} that was opened")

    def give_pass(self, about: UUID, user: User) -> str:
        return self._signer.sign_object([str(about), str(user.pk), clock.now().isoformat()])

    def passes(self, told: str, about: UUID, user: User) -> bool:
        """Given out for this page, to this person, not too long ago."""
        try:
            where, whose, at = self._signer.unsign_object(told)
        except BadSignature:
            return False
        fresh = clock.now() - datetime.fromisoformat(at) <= PASS_LASTS
        return fresh and (where, whose) == (str(about), str(user.pk))

    def on_this_phone(self, request: SignedIn, about: UUID) -> dict[str, str]:
        """Under what and with which key a page seals what it could not send yet. The key is the
        same for this person and this page, and stands on it only: without signing in nobody reads
        what lies there. Nothing for a shared device."""
        if not keeps_on_the_phone(request):
            return {}
        whose = f"{request.user.pk}:{about}"
        key = b64encode(keyed_hash(whose, f"words of a {self.kind} on a phone")[:32]).decode()
        return {"place": f"{mark_of(request.user)}:{about}", "key": key}


def saved_in_words(at: datetime | None) -> str:
    """On top of a page that saves itself; nothing was saved yet: that it will be."""
    if at is None:
        return _("Saved as you type")
    moment = clock.local(at)
    if clock.day_of(at) == clock.today():
        return _("Saved {at}").format(at=date_format(moment, "H:i"))
    return _("Saved {at}").format(at=date_format(moment, "j b, H:i"))
