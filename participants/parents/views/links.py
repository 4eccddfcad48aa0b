"""From the secret in a mailed address to a page without it (trust.md 6).

The first GET swaps the token for a signed, HttpOnly, path-limited cookie and redirects to one
static address, whatever the token was: used, expired, forged and truncated links look the same.
Nothing is changed by GET, HEAD, prefetch or a scanner.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

from core.tokens import token_hash
from participants.models import ParentalConsent
from participants.parents.question import find_by_hash, find_link

PATH = "/ouders/"
SALT = "participants.parents"
SECONDS = 2 * 60 * 60

View = Callable[..., HttpResponse]


class TokenOnly(CsrfViewMiddleware):
    """CSRF for pages with `no-referrer`: there browsers send `Origin: null` and no Referer.

    The double-submitted token is checked as everywhere, and the link's cookie is SameSite.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META.get("HTTP_ORIGIN") == "null":
            return True
        return bool(super()._origin_verified(request))  # type: ignore[misc]

    def _check_referer(self, request: HttpRequest) -> None:
        if request.META.get("HTTP_REFERER"):
            super()._check_referer(request)  # type: ignore[misc]


_csrf_by_token = decorator_from_middleware(TokenOnly)


def behind_a_link(view: View) -> View:
    """No account asked, no referrer, nothing kept, nothing indexed; CSRF by token."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _closed(view(request, *args, **kwargs))

    return csrf_exempt(_csrf_by_token(login_not_required(guarded)))  # type: ignore[return-value]


def swap(request: HttpRequest, token: str, purpose: str, to: str) -> HttpResponse:
    """The same answer for every token; only who holds a working one finds a page behind it."""
    hashed = token_hash(token, f"parental_{purpose}").hex()
    response = redirect(to)
    response.set_cookie(
        _name(purpose),
        signing.dumps({"link": hashed}, salt=f"{SALT}.{purpose}"),
        max_age=SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return _closed(response)


def consent_behind(request: HttpRequest, purpose: str) -> ParentalConsent | None:
    """The question that this visitor's link leads to, when it works now."""
    hashed = hash_behind(request, purpose)
    return find_by_hash(hashed, purpose) if hashed is not None else None


def hash_behind(request: HttpRequest, purpose: str) -> bytes | None:
    """The hash of this visitor's link, of whatever it is a link to."""
    try:
        kept = signing.loads(
            request.COOKIES.get(_name(purpose), ""), salt=f"{SALT}.{purpose}", max_age=SECONDS
        )
        return bytes.fromhex(kept["link"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def ticket_for(request: HttpRequest, purpose: str) -> str:
    """Goes into the form of a page that was open: it tells a second press from a used link."""
    kept = signing.loads(request.COOKIES[_name(purpose)], salt=f"{SALT}.{purpose}", max_age=SECONDS)
    return signing.dumps(kept["link"], salt=f"{SALT}.{purpose}.pressed")


def pressed_before(request: HttpRequest, purpose: str) -> ParentalConsent | None:
    """The question of a form that this visitor had open and sent before (without JavaScript a
    double press sends it twice). Nobody gets such a form through a link that no longer works.
    """
    try:
        link = signing.loads(
            request.POST.get("form", ""), salt=f"{SALT}.{purpose}.pressed", max_age=SECONDS
        )
        return find_link(bytes.fromhex(link), purpose)
    except (signing.BadSignature, TypeError, ValueError):
        return None


def dead(request: HttpRequest) -> HttpResponse:
    """One status and one body for every link that does not work (any more)."""
    return render(request, "participants/parents/dead.html", status=410)


def forget(response: HttpResponse, purpose: str) -> HttpResponse:
    response.delete_cookie(_name(purpose), path=PATH, samesite="Lax")
    return response


def _closed(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, no_store=True, private=True)
    return response


def _name(purpose: str) -> str:
    prefix = "__Secure-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}parent-{purpose}"
