"""In with a code from a youth worker: typed, or by the QR on their screen (C-41).

The first GET of a QR's link swaps its token for a page of its own (core.link_pages), whatever the
token was. Nothing happens by GET: a tap on the page signs in, once.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts import one_time
from core.accounts.forms import shared_field
from core.accounts.limits import limited
from core.accounts.models import OneTimeCode
from core.fields import CodeField
from core.forms import show
from core.link_pages import Before, LinkPage, OpenPage
from core.tokens import token_hash

DOES_NOT_WORK = gettext_lazy(
    "This code does not work, or not any more. Look once more, or ask for a new one."
)


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


def _does_not_work(request: HttpRequest) -> HttpResponse:
    """One page for every QR that lets nobody in (any more): the code can still be typed."""
    if request.user.is_authenticated:
        return _unkept(_somebody_is_in(request, reverse("account_one_time_code")))
    return _unkept(_page(request, TypedForm(), status=410))


SCANNED = LinkPage(
    salt="accounts.one_time",
    at="account_scanned_code",
    seconds=settings.ONE_TIME_CODE_SECONDS,
    dead=_does_not_work,
    before=Before("door", "/inloggen/"),
)


@SCANNED.door
def one_time_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same answer for every token; only a working one finds a button behind it."""
    return SCANNED.open(request, token_hash(token, "one_time_link").hex())


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("one_time_code")
def one_time_code(request: HttpRequest) -> HttpResponse:
    """Type it. Unknown, used and run out read the same."""
    if request.POST.get("act") != "typed" and (scanned_before := SCANNED.moved(request)):
        return scanned_before
    if request.user.is_authenticated:
        return _unkept(_somebody_is_in(request, reverse("account_one_time_code")))
    form = TypedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        if one_time.use_code(request, shared=given["shared"], code=given["code"]):
            return _unkept(redirect(settings.LOGIN_REDIRECT_URL))
        form.add_error("code", DOES_NOT_WORK)
    return _unkept(_page(request, form))


def _pressed_twice(request: HttpRequest, subject: str) -> HttpResponse | None:
    """Without JavaScript a double press comes back after it has signed in."""
    let_in = one_time.let_in(user=request.user, link=bytes.fromhex(subject))
    return redirect(settings.LOGIN_REDIRECT_URL) if let_in else None


@SCANNED.page(after=_pressed_twice)
@require_http_methods(["GET", "HEAD", "POST"])
@limited("one_time_code")
def scanned_code(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """After scanning: one tap signs in whose name the page shows, and nobody else."""
    if request.user.is_authenticated:
        return _pressed_twice(request, link.subject) or _somebody_is_in(request, link.address)
    hashed = bytes.fromhex(link.subject)
    scanned = one_time.behind(hashed)
    if scanned is None:
        return _does_not_work(request)
    form = ScannedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if one_time.use_code(request, shared=form.cleaned_data["shared"], link=hashed):
            return link.forget(redirect(settings.LOGIN_REDIRECT_URL))
        return _does_not_work(request)
    return _page(request, form, scanned, link)


def _page(
    request: HttpRequest,
    form: forms.Form,
    scanned: OneTimeCode | None = None,
    link: OpenPage | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "scanned": scanned, "link": link}
    if status == 200:
        return show(request, "account/one_time_code.html", context, form)
    context["dead"] = DOES_NOT_WORK
    return render(request, "account/one_time_code.html", context, status=status)


def _somebody_is_in(request: HttpRequest, here: str) -> HttpResponse:
    """A code is never used in a browser that is somebody's already; nothing is used up."""
    context = {"back": f"{reverse('account_logout')}?next={here}"}
    status = 409 if request.method == "POST" else 200
    return render(request, "account/one_time_taken.html", context, status=status)


def _unkept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
