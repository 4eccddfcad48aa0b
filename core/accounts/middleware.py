"""What holds for every signed-in request: it is fresh, it took both steps, nothing is kept."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.signin import by_itself, has_factor, is_shared, timed_out, took_both_steps
from core.denied import forbidden, is_api
from core.drafts.coming_back import come_back_next
from core.drafts.declaring import TAP
from core.drafts.tickets import Ticket
from core.drafts.time_out import kept_at_time_out

# What answers between the password and the second step.
BEFORE_SECOND_STEP = {
    "mfa_activate_totp",
    "account_logout",
    "account_reauthenticate",
    "set_language",
    "healthz",
    "readyz",
}


PAGE_METHODS = ("GET", "HEAD", "POST")


class DoorMiddleware:
    """Ends stale sessions, enforces the second step, forbids caches to keep personal pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in PAGE_METHODS and not is_api(request):
            return HttpResponseNotAllowed(PAGE_METHODS)
        user = request.user = get_user(request)  # itself, not its lazy stand-in: asked often
        if isinstance(user, User) and timed_out(request, user):
            return _asked_by_itself() if by_itself(request) else self._end(request, user)
        was_in = user.is_authenticated
        response = self.get_response(request)
        if not was_in and request.headers.get("HX-Request") == "true":
            response = _as_a_whole_page(request, response)
        elif not was_in and request.method == "POST":
            response = _back_to_the_page(request, response)
        if was_in or request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    def _end(self, request: HttpRequest, user: User) -> HttpResponse:
        """Past the CSRF check, and no further: what a form sent may be kept, no view is asked."""
        request.has_ended = True  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if getattr(request, "was_ended", False):
            answer["Cache-Control"] = "no-store, private"
            return answer
        return self._sign_in_again(request, user)  # no such page, or a forged form

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if isinstance(user, User) and getattr(request, "has_ended", False):
            request.was_ended = True  # type: ignore[attr-defined]
            proved = took_both_steps(request)
            if proved and request.method == "POST" and getattr(view, "keeps_typing", False):
                return None  # words on their way go before the form that is sent after them
            kept = kept_at_time_out(request, view) if proved else None
            return self._sign_in_again(request, user, kept)
        if not isinstance(user, User) or user.is_participant or took_both_steps(request):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in BEFORE_SECOND_STEP:
            return None
        if has_factor(user):
            logout(request)
            return self._to("account_login", request)
        if request.method in ("GET", "HEAD"):
            return self._to("mfa_activate_totp", request)
        return forbidden(request, _("First set up your second step."))

    def _sign_in_again(
        self, request: HttpRequest, user: User, kept: Ticket | None = None
    ) -> HttpResponse:
        """`kept`: of the form that came in, when its words really are kept; then it is said."""
        door = "account_request_login_code" if user.is_participant else "account_login"
        shared = is_shared(request)
        logout(request)
        if is_api(request):  # a queue waits where it is: nothing is lost, and no page says so
            return self._to(door, request)
        if kept is not None and kept.form == TAP:
            come_back_next(request, [kept.draft])
            said = _("You were away for too long. Sign in again: after that your tap is saved.")
        elif kept is not None:
            come_back_next(request, [kept.draft])
            said = _("You were away for too long. Sign in again: what you typed is still there.")
        elif request.method == "POST":
            said = _("You were away for too long. Sign in again. What you did last was not saved.")
        else:
            said = _("You were away for a while. Sign in again.")
        messages.info(request, said)
        if shared:  # the next one at this device reads nothing, not even where somebody was
            response: HttpResponse = HttpResponseRedirect(reverse(door))
            response["Clear-Site-Data"] = '"cache", "storage"'
        else:
            response = self._to(door, request, kept.path if kept else "")
        response["Cache-Control"] = "no-store, private"
        return response

    def _to(self, name: str, request: HttpRequest, back: str = "") -> HttpResponse:
        """`back`: the page to come back to; else this one, when it was only looked at."""
        if is_api(request):
            return JsonResponse({"code": "signed_out", "detail": _("Sign in first.")}, status=401)
        url = reverse(name)
        back = back or (request.get_full_path() if request.method == "GET" else "")
        if back and name != "mfa_activate_totp":
            url = f"{url}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)


def _as_a_whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The door never stands inside a piece of another page: the browser goes there, and back."""
    door = urlsplit(response.get("Location", "")).path
    if response.status_code != HTTPStatus.FOUND or door not in _doors():
        return response
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    url = f"{door}?{urlencode({'next': here})}" if here else door
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def _back_to_the_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whoever pressed a button while signed out elsewhere comes back to the page it stood on: where
    it was sent to is often no page at all."""
    to = urlsplit(response.get("Location", ""))
    if to.path not in _doors() or parse_qs(to.query).get("next") != [request.get_full_path()]:
        return response
    page = urlsplit(request.headers.get("Referer", ""))
    back = urlencode({"next": page.path}) if page.netloc == request.get_host() else ""
    return HttpResponseRedirect(f"{to.path}?{back}" if back else to.path)


def _doors() -> set[str]:
    return {reverse("account_request_login_code"), reverse("account_login")}


def _asked_by_itself() -> HttpResponse:
    """The session is left as it is, so that what the person does next can still be kept."""
    return HttpResponse(status=401, headers={"Cache-Control": "no-store, private"})
