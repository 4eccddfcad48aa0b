"""Who may come in, whether both steps were taken, and how long a session lives (trust.md 5).

Session ages are wall-clock facts of the browser's session, not dates of the programme: they
follow the machine's clock, as the library's own records in the same session do.
"""

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from core.accounts.models import User

SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
SHARED_DEVICE = "shared_device"
SEEN_EVERY = 60
#: The header of what a page asks by itself.
BY_ITSELF = "X-By-Itself"
BACKEND = "core.accounts.backend.PasswordOfStaff"


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def took_both_steps(request: HttpRequest) -> bool:
    """Did this session prove the second factor of this user? Participants have one step."""
    user = request.user
    if not isinstance(user, User) or user.is_participant:
        return isinstance(user, User)
    return any(r.get("method") == "mfa" for r in get_authentication_records(request, user))


def sign_in_directly(request: HttpRequest, user: User) -> None:
    """Sign in without asking anything: only the demo's door may call this."""
    login(request, user, backend=BACKEND)
    mark_both_steps(request, user)


def mark_both_steps(request: HttpRequest, user: User) -> None:
    if not user.is_participant:
        record_authentication(request, user, method="mfa", type="totp")


def share_device(request: HttpRequest) -> None:
    """Others use this device too: the cookie goes with the browser, the session ends soon."""
    request.session[SHARED_DEVICE] = True
    request.session.set_expiry(0)


def is_shared(request: HttpRequest) -> bool:
    return bool(request.session.get(SHARED_DEVICE))


def keeps_on_the_phone(request: HttpRequest) -> bool:
    """May this browser keep something of a professional between two pages? Never a shared one."""
    user = request.user
    return isinstance(user, User) and not user.is_participant and not is_shared(request)


@transaction.atomic
def end_sessions(*, user: User, keep: HttpRequest | None = None) -> None:
    """Sign `user` out everywhere; `keep` is the one request that may stay signed in."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    if keep is not None:
        stay_in(keep, user)


def stay_in(request: HttpRequest, user: User) -> None:
    """The one session that goes on when all of `user` ended: after the act, never before it."""
    update_session_auth_hash(request, user)


def by_itself(request: HttpRequest) -> bool:
    """A page asked this, nobody tapped: it keeps nobody signed in, and signs nobody out."""
    return request.method == "GET" and BY_ITSELF in request.headers


def timed_out(request: HttpRequest, user: User) -> bool:
    """Idle too long, or signed in too long ago; notes that the person was seen otherwise."""
    session, now = request.session, time.time()
    began = session.setdefault(SIGNED_IN_AT, now)
    seen = session.get(LAST_SEEN_AT, began)
    kind = "shared" if is_shared(request) else user.kind
    if now - seen > settings.SESSION_IDLE[kind] or now - began > settings.SESSION_WHOLE[kind]:
        return True
    if by_itself(request):
        return False
    if LAST_SEEN_AT not in session or now - seen >= SEEN_EVERY:
        session[LAST_SEEN_AT] = now
    return False
