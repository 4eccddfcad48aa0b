"""A code or QR that lets a young person in once, without an own mailbox (C-41, R-003).

Who may make one for whom is decided above (`participants.person.door_code`); here it lives: ten
minutes, one use, one waiting at a time, only hashes kept, taken back with one tap. The maker cannot
go in unseen: a browser in which a professional is signed in is refused, and the young person is
told in plain words who made which code and when it was used, and can say "that was not me", which
ends every session and reaches the regional coordinator.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import OneTimeCode, OneTimeCodeQuerySet, User
from core.accounts.signin import BACKEND, end_sessions, share_device
from core.cleaning import in_form
from core.errors import RuleBroken
from core.locks import lock_copy, lock_first
from core.tokens import new_token, token_hash

# No 0/O, 1/I/L: signs that are read aloud and typed on a phone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
#: Eight signs, or twice four as they are read aloud, with no other letter or figure beside them.
_AMONG_WORDS = re.compile(
    rf"(?<![^\W_])([{SIGNS}]{{4}})[\W_]*([{SIGNS}]{{4}})(?![^\W_])",
)
MOST_A_DAY = 6  # for one account, whoever makes them
MOST_AN_HOUR = 30  # by one worker: two groups on one evening


@dataclass(frozen=True)
class Handed:
    """What is shown once to the worker. The plain code and token are kept nowhere."""

    row: OneTimeCode
    code: str
    token: str

    @property
    def spoken(self) -> str:
        """In two halves, as it is read aloud: K7PM 3QXD."""
        return f"{self.code[:4]} {self.code[4:]}"


def same_code(typed: str) -> str:
    """One spelling per code: spaces, dashes, lower case and words around it do not matter."""
    text = in_form("NFKC", typed).upper()
    whole = "".join(sign for sign in text if sign.isascii() and sign.isalnum())
    if len(whole) <= LENGTH:
        return whole
    halves = {"".join(found) for found in _AMONG_WORDS.findall(text)}
    return halves.pop() if len(halves) == 1 else whole


@transaction.atomic
def make_code(*, user: User, by: User) -> Handed:
    """A new code for a participant's account; one that still waited is taken back.

    Locks the account. Raises RuleBroken: "not_a_participant", "too_many_codes".
    """
    locked = lock_copy(user)
    if not locked.is_participant or not locked.is_active or by.is_participant:
        raise RuleBroken(_("There is no account to open with a code."), "not_a_participant")
    now = clock.now()
    codes = OneTimeCode.objects
    of_the_day = codes.filter(user=locked, made_at__gt=now - timedelta(days=1)).count()
    of_the_hour = codes.filter(made_by=by, made_at__gt=now - timedelta(hours=1)).count()
    if of_the_day >= MOST_A_DAY or of_the_hour >= MOST_AN_HOUR:
        raise RuleBroken(
            _("Many codes were made already. Wait a while, or ask your colleague."),
            "too_many_codes",
        )
    codes.waiting().filter(user=locked).update(revoked_at=now)
    code = "".join(secrets.choice(SIGNS) for _n in range(LENGTH))
    token = new_token()
    row = codes.create(
        user=locked,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(seconds=settings.ONE_TIME_CODE_SECONDS),
        code_hash=token_hash(code, "one_time_code"),
        token_hash=token_hash(token, "one_time_link"),
    )
    return Handed(row, code, token)


@transaction.atomic
def revoke_code(*, row: OneTimeCode, by: User) -> OneTimeCode:
    """Taken back; nothing happens when it was used already."""
    locked = lock_copy(row)
    if locked.used_at is None and locked.revoked_at is None:
        locked.revoked_at = clock.now()
        locked.save(update_fields=["revoked_at"])
    return locked


def behind(hashed: bytes) -> OneTimeCode | None:
    """The code of a QR's link while it works; looked at, nothing is used up."""
    return _working().filter(token_hash=hashed).select_related("user", "made_by").first()


@transaction.atomic
def use_code(
    request: HttpRequest, *, code: str = "", link: bytes = b"", shared: bool = False
) -> bool:
    """Go in once, by the typed `code` or by the hash behind a `link`. False for every other one.

    Unknown, used, taken back and run out are the same. A browser in which somebody is signed in
    is refused by the caller before it comes here. Locks the account, then the
    row: fifty at once are one.
    """
    found = (
        _working().filter(token_hash=link)
        if link
        else _working().filter(code_hash=token_hash(same_code(code), "one_time_code"))
    )
    row = found.select_related("user").first()
    if row is None:
        return False
    user = lock_copy(row.user)
    row = lock_first(found.filter(pk=row.pk))
    if row is None:
        return False
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    login(request, user, backend=BACKEND)
    if shared:
        share_device(request)
    return True


def let_in(*, user: Viewer, link: bytes) -> bool:
    """Whether this very link signed in the person who is signed in now."""
    if not user.is_authenticated:
        return False
    return OneTimeCode.objects.filter(user=user.pk, token_hash=link, used_at__isnull=False).exists()


def to_be_told(user: User) -> OneTimeCode | None:
    """The newest code that was used and that this young person has not said a word about."""
    return (
        OneTimeCode.objects.filter(
            user=user, used_at__isnull=False, confirmed_at__isnull=True, disputed_at__isnull=True
        )
        .select_related("made_by")
        .first()
    )


@transaction.atomic
def confirm_code(*, row: OneTimeCode, by: User) -> None:
    """*That was me.* It stays in the list and can be disputed later."""
    OneTimeCode.objects.filter(pk=row.pk, user=by, confirmed_at__isnull=True).update(
        confirmed_at=clock.now()
    )


@transaction.atomic
def dispute_code(*, row: OneTimeCode, by: User, keep: HttpRequest | None = None) -> None:
    """*That was not me*: every session ends but the one that asks; waiting codes are taken back.

    The coordinator of the region hears it (`participants.person.door_code`), the workers do not.
    """
    now = clock.now()
    changed = OneTimeCode.objects.filter(pk=row.pk, user=by, disputed_at__isnull=True).update(
        disputed_at=now
    )
    if changed:
        OneTimeCode.objects.waiting().filter(user=by).update(revoked_at=now)
        end_sessions(user=by, keep=keep)


@transaction.atomic
def settle_dispute(*, row: OneTimeCode, by: User) -> None:
    """The coordinator spoke about it; the to-do is done."""
    OneTimeCode.objects.filter(
        pk=row.pk, disputed_at__isnull=False, settled_at__isnull=True
    ).update(settled_at=clock.now(), settled_by=by)


def _working() -> OneTimeCodeQuerySet:
    """Codes that still open a door now."""
    return OneTimeCode.objects.waiting().filter(expires_at__gt=clock.now(), user__is_active=True)
