"""Limits for public forms, counted with the doors' own (ACCOUNT_RATE_LIMITS; trust.md 5)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as inner
from django.http import HttpRequest, HttpResponse

from core.denied import too_often

View = Callable[..., HttpResponse]


def within(
    request: HttpRequest, action: str, key: str | None = None, *, reading: bool = False
) -> bool:
    """Count one `action` of this visitor, and of `key`; False when it came too often.

    A GET is counted only where it says so (`reading`): the library's own front leaves that out.
    """
    if reading:
        return bool(
            inner.consume(request, app="allauth.account", action=action, key=key, limit_get=True)
        )
    return bool(ratelimit.consume(request, action=action, key=key))


def limited(action: str) -> Callable[[View], View]:
    """A view whose posts are counted; too many are a kind 429 and reach nothing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not within(request, action):
                return too_often(request)
            return view(request, *args, **kwargs)

        return counted

    return decorate
