"""A page behind a mailed link, a code or a QR: an act belongs to the page that showed it (R-338).

The first GET of a link swaps its secret for an address with a public id (nobody's name, no secret)
and a cookie of that page alone; so several stand open in one browser, each about its own person.
Its form carries a ticket, signed for this kind of page and this one subject. Only where ticket,
address and cookie agree is the view called to act. Where they do not, nothing is done: the page of
the ticket is shown anew (`OpenPage.again` says so), or the dead page when this browser does not
hold the cookie of that page. GET, HEAD and prefetch change nothing. Why: docs/adr/0021.

A page for somebody without an account is one `LinkPage`; `tests/house/test_link_pages.py` finds an
address that carries a secret, or a cookie that is read, outside this room.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, overload

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.urls import register_converter, reverse
from django.utils.cache import patch_cache_control
from django.utils.decorators import decorator_from_middleware
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

#: How many such pages one browser keeps open; who opens more loses the oldest.
MOST = 10
#: And how much they may weigh together: a proxy refuses a `Cookie` header beyond 8 kB, and then
#: every page of the site is an error until the browser is closed.
HEAVIEST = 5_000
TICKET = "form"
AGAIN = "opnieuw"

View = Callable[..., HttpResponse]
After = Callable[[HttpRequest, str], HttpResponse | None]


class PageId:
    """`<page:page>` in an address."""

    regex = "[0-9a-f]{24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PageId, "page")


class TokenOnly(CsrfViewMiddleware):
    """CSRF for pages with `no-referrer`: there browsers send `Origin: null` and no Referer.

    The double-submitted token is checked as everywhere, and the page's cookie is SameSite.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META.get("HTTP_ORIGIN") == "null":
            return True
        return bool(super()._origin_verified(request))  # type: ignore[misc]

    def _check_referer(self, request: HttpRequest) -> None:
        if request.META.get("HTTP_REFERER"):
            super()._check_referer(request)  # type: ignore[misc]


_csrf_by_token = decorator_from_middleware(TokenOnly)


@dataclass(frozen=True)
class Before:
    """The one cookie that all pages of a kind shared until version 0.3: read once, then swapped.

    `named`: under which key it held the subject.
    """

    cookie: str
    path: str
    named: str = "link"


@dataclass(frozen=True, eq=False)
class LinkPage:
    """One kind of page behind a link, for instance a parent's answer.

    `salt` signs its cookies and, with `.pressed`, its tickets: it stays. `at`: the name of its
    address. `seconds`: how long a page that was opened works. `dead`: the one answer to everything
    that does not work (any more). `no_referrer`: its layout has no form to another address.
    """

    salt: str
    at: str
    seconds: int
    dead: Callable[[HttpRequest], HttpResponse]
    no_referrer: bool = False
    before: Before | None = None

    def id_of(self, subject: str) -> str:
        """Public: from it nobody finds the subject, which is itself a keyed hash or a key."""
        return hashlib.sha256(f"{self.salt}:{subject}".encode()).hexdigest()[:24]

    def door(self, view: View) -> View:
        """For the view of the mailed address, which ends in `open`; it asks and changes nothing."""
        return self._marked(_without_account(require_safe(view), no_referrer=True))

    def open(self, request: HttpRequest, subject: str, **kept: Any) -> HttpResponse:
        """Go to the page about `subject`; the same answer whether or not there is one.

        `kept` is read again as `OpenPage.kept`: signed, readable by who holds the browser.
        """
        page = OpenPage(self, self.id_of(subject), subject, kept)
        response = page.keep(redirect(page.address))
        return page.make_room(request, response)

    @overload
    def page(self, view: View) -> View: ...

    @overload
    def page(self, *, after: After) -> Callable[[View], View]: ...

    def page(self, view: View | None = None, *, after: After | None = None) -> Any:
        """For a view behind the page's own address: it is called with the `OpenPage`, and for a
        POST only when ticket, address and cookie agree.

        `after`: what to say to somebody whose cookie is gone because the act is done (without
        JavaScript a double press sends a form twice). It reads only; None: the dead page.
        """

        def decorate(inner: View) -> View:
            @wraps(inner)
            def bound(
                request: HttpRequest, *args: Any, page: str = "", **kwargs: Any
            ) -> HttpResponse:
                found = self._found(request, page, after)
                if isinstance(found, HttpResponse):
                    return found
                return inner(request, *args, link=found, **kwargs)

            return self._marked(_without_account(bound, no_referrer=self.no_referrer))

        return decorate if view is None else decorate(view)

    def held(self, request: HttpRequest) -> "Iterator[OpenPage]":
        """Every page of this kind that this browser has open."""
        for name in _oldest_first(request):
            if found := self._behind(request, name.rpartition("-")[2]):
                yield found

    def moved(self, request: HttpRequest) -> HttpResponse | None:
        """To its own address, for a page that was open under the shared cookie of before."""
        if self.before is None:
            return None
        for prefix in ("__Secure-", "__Host-") if settings.SESSION_COOKIE_SECURE else ("",):
            name = f"{prefix}{self.before.cookie}"
            kept = self._loads(request.COOKIES.get(name, ""))
            subject = kept.pop(self.before.named, None)
            if isinstance(subject, str):
                response = self.open(request, subject, **kept)
                response.delete_cookie(name, path=self.before.path, samesite="Lax")
                return _marked_again(response) if request.method == "POST" else response
        return None

    def ticket_for(self, subject: str) -> str:
        return signing.dumps(subject, salt=f"{self.salt}.pressed")

    def _found(
        self, request: HttpRequest, page: str, after: After | None
    ) -> "OpenPage | HttpResponse":
        subject = self._pressed(request) if request.method == "POST" else None
        done = after(request, subject) if after and subject is not None else None
        if not page:
            return self.moved(request) or done or self.dead(request)
        here = self._behind(request, page)
        if request.method != "POST":
            return here or self.dead(request)
        of_the_ticket = page if subject is None else self.id_of(subject)
        if of_the_ticket != page or subject is None:
            shown = self._behind(request, of_the_ticket)
            return _marked_again(redirect(shown.address)) if shown else self.dead(request)
        return here or done or self.dead(request)

    def _behind(self, request: HttpRequest, page: str) -> "OpenPage | None":
        kept = self._loads(request.COOKIES.get(_cookie(page), ""))
        subject = kept.pop("link", None)
        if not isinstance(subject, str) or self.id_of(subject) != page:
            return None
        return OpenPage(self, page, subject, kept, again=AGAIN in request.GET)

    def _loads(self, value: str) -> dict[str, Any]:
        try:
            kept = signing.loads(value, salt=self.salt, max_age=self.seconds)
        except (signing.BadSignature, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {"link": kept}

    def _pressed(self, request: HttpRequest) -> str | None:
        try:
            subject = signing.loads(
                request.POST.get(TICKET, ""), salt=f"{self.salt}.pressed", max_age=self.seconds
            )
        except (signing.BadSignature, ValueError):
            return None
        return subject if isinstance(subject, str) else None

    def _marked(self, view: View) -> View:
        view.link_page = self  # type: ignore[attr-defined]
        return view


@dataclass(frozen=True)
class OpenPage:
    """A page that this browser holds the cookie of. `again`: an act was refused just now."""

    kind: LinkPage
    id: str
    subject: str
    kept: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False

    @property
    def address(self) -> str:
        return reverse(self.kind.at, args=[self.id])

    @property
    def ticket(self) -> SafeString:
        """Goes into every form of the page."""
        ticket = self.kind.ticket_for(self.subject)
        return format_html('<input type="hidden" name="{}" value="{}">', TICKET, ticket)

    def keep(self, response: HttpResponse, **changed: Any) -> HttpResponse:
        """Write the page's cookie, with what it is to remember from now on."""
        response.set_cookie(
            _cookie(self.id),
            signing.dumps({**self.kept, **changed, "link": self.subject}, salt=self.kind.salt),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response

    def make_room(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The oldest other pages go, where there are too many or they weigh too much."""
        own = response.cookies[_cookie(self.id)]
        left, weight = MOST, HEAVIEST - len(own.key) - len(own.value)
        for name in reversed(_oldest_first(request)):
            if name == own.key:
                continue
            left, weight = left - 1, weight - len(name) - len(request.COOKIES[name])
            if left <= 0 or weight < 0:
                response.delete_cookie(name, samesite="Lax")
        return response

    def forget(self, response: HttpResponse) -> HttpResponse:
        """The act is done: this page is over."""
        response.delete_cookie(_cookie(self.id), samesite="Lax")
        return response


def behind_a_link(view: View) -> View:
    """For a page of the same layout that is about nobody: a thank-you."""
    return _without_account(view, no_referrer=True)


def _without_account(view: View, *, no_referrer: bool) -> View:
    """No account asked, nothing kept, nothing indexed; with `no_referrer` also CSRF by token."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if no_referrer:
            response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        patch_cache_control(response, no_store=True, private=True)
        return response

    opened = login_not_required(guarded)
    return csrf_exempt(_csrf_by_token(opened)) if no_referrer else opened  # type: ignore[return-value]


def _marked_again(response: Any) -> HttpResponse:
    response["Location"] += f"?{AGAIN}=1"
    response.status_code = 303
    return response  # type: ignore[no-any-return]


def _cookie(page: str) -> str:
    return f"{_prefix()}{page}"


def _prefix() -> str:
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}page-"


def _oldest_first(request: HttpRequest) -> list[str]:
    """Names of the cookies of all such pages, by the moment that their signature bears."""

    def moment(name: str) -> int:
        try:
            return int(signing.b62_decode(request.COOKIES[name].rsplit(":", 2)[1]))
        except (IndexError, ValueError):
            return 0

    return sorted((n for n in request.COOKIES if n.startswith(_prefix())), key=moment)
