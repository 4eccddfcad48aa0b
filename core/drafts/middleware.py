"""What becomes of a draft when its form comes in: saved and gone, or refused and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from core.accounts.models import User
from core.accounts.signin import is_shared
from core.drafts import keeping
from core.drafts.coming_back import come_back_next, no_longer_due
from core.drafts.declaring import TAP, kept_by
from core.drafts.filling import typed_in
from core.drafts.tickets import Ticket, posted_with

#: Above every turn that a page counts itself: what was posted is newer than what was typed.
POSTED = 2**62
REFUSED = (409, 500, 502, 503)


class DraftsMiddleware:
    """Around every form that declares itself; the other forms of its page lose nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        came_in = getattr(request, "draft_came_in", None)
        if came_in is not None and isinstance(request.user, User):
            self._settle(request, response, came_in)
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        if request.method != "POST" or not isinstance(request.user, User):
            return
        beside = [one for one in request.POST.getlist("draft_beside")[:10] if _is_id(one)]
        if beside and not is_shared(request):
            come_back_next(request, beside)
        ticket = posted_with(request)
        if ticket is not None and ticket.form in kept_by(view):
            request.draft_came_in = ticket  # type: ignore[attr-defined]

    def _settle(self, request: HttpRequest, response: HttpResponse, ticket: Ticket) -> None:
        if ticket.form == TAP:  # answered: saved, or a conflict that is shown
            keeping.saved(ticket=ticket, by=request.user)  # type: ignore[arg-type]
            no_longer_due(request, ticket.draft)
            return
        was_refused = getattr(request, "act_was_refused", False)
        if response.status_code in REFUSED or (was_refused and response.status_code != 422):
            kept = keep_posted(request, ticket)
            if kept is not None:
                come_back_next(request, [kept.draft])
        elif response.status_code < 400:
            keeping.saved(ticket=ticket, by=request.user)  # type: ignore[arg-type]


def keep_until_done(request: HttpRequest) -> None:
    """The page asks once more before it does what came in: until then the words are kept."""
    ticket = getattr(request, "draft_came_in", None)
    if ticket is not None:
        keep_posted(request, ticket)
        request.draft_came_in = None  # type: ignore[attr-defined]


def keep_posted(request: HttpRequest, ticket: Ticket) -> Ticket | None:
    """Keep what this form sent, beside what another tab went on with. None: nothing was kept."""
    if not isinstance(request.user, User) or is_shared(request):
        return None
    values = typed_in(request.POST, ticket.form)
    try:
        for one in (ticket, ticket.anew()):
            if keeping.keep(ticket=one, values=values, by=request.user, turn=POSTED):
                return one
    except keeping.TooLarge:
        pass
    return None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
