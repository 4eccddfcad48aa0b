"""Limits for public forms, counted with the doors' own (ACCOUNT_RATE_LIMITS; trust.md 5)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

from core.denied import too_often

View = Callable[..., HttpResponse]


def within(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Count one `action` of this visitor, and of `key`; False when it came too often."""
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
