"""In with a code from a youth worker: typed, or by the QR on their screen (C-41).

The first GET of a QR's link swaps its token for a signed cookie and goes to one address, whatever
the token was. Nothing happens by GET: a tap on the page signs in, once.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import one_time
from core.accounts.forms import shared_field
from core.accounts.limits import limited
from core.accounts.models import OneTimeCode
from core.fields import CodeField
from core.forms import show
from core.tokens import token_hash

SALT = "accounts.one_time"
PATH = "/inloggen/"


class TypedForm(forms.Form):
    code = CodeField(
        figures=False,
        label=gettext_lazy("The code from your youth worker"),
        help_text=gettext_lazy("Eight letters and numbers."),
        error_messages={"required": gettext_lazy("Fill in the eight letters and numbers.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "inputmode": "text",
            }
        ),
    )
    shared = shared_field()


class ScannedForm(forms.Form):
    shared = shared_field()


@login_not_required
@require_safe
def one_time_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same answer for every token; only a working one finds a button behind it."""
    response = redirect("account_one_time_code")
    response.set_cookie(
        _cookie(),
        signing.dumps(token_hash(token, "one_time_link").hex(), salt=SALT),
        max_age=settings.ONE_TIME_CODE_SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return _unkept(response)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("one_time_code")
def one_time_code(request: HttpRequest) -> HttpResponse:
    """Type it, or tap once after scanning. Unknown, used and run out read the same."""
    if request.user.is_authenticated:
        return _unkept(_somebody_is_in(request))
    hashed = _link_behind(request)
    scanned = one_time.behind(hashed) if hashed else None
    by_link = scanned is not None and request.POST.get("act") != "typed"
    form = (ScannedForm if by_link else TypedForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        way: dict[str, Any] = {"link": hashed} if by_link else {"code": given["code"]}
        if one_time.use_code(request, shared=given["shared"], **way):
            return _unkept(_forget(redirect(settings.LOGIN_REDIRECT_URL)))
        form.add_error(
            "code" if "code" in form.fields else None,
            _("This code does not work, or not any more. Look once more, or ask for a new one."),
        )
    return _unkept(_page(request, form, scanned if by_link else None))


def _page(request: HttpRequest, form: forms.Form, scanned: OneTimeCode | None) -> HttpResponse:
    context = {"form": form, "scanned": scanned}
    return show(request, "account/one_time_code.html", context, form)


def _somebody_is_in(request: HttpRequest) -> HttpResponse:
    """A code is never used in a browser that is somebody's already; nothing is used up."""
    context = {"back": f"{reverse('account_logout')}?next={reverse('account_one_time_code')}"}
    status = 409 if request.method == "POST" else 200
    return render(request, "account/one_time_taken.html", context, status=status)


def _link_behind(request: HttpRequest) -> bytes:
    try:
        kept: str = signing.loads(
            request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=settings.ONE_TIME_CODE_SECONDS
        )
        return bytes.fromhex(kept)
    except (signing.BadSignature, TypeError, ValueError):
        return b""


def _forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(_cookie(), path=PATH, samesite="Lax")
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response


def _cookie() -> str:
    return "__Secure-door" if settings.SESSION_COOKIE_SECURE else "door"
