"""A form came in after the session ran out: its words are kept, its act is not done.

Asked only after the CSRF check passed, so that no other site leaves words here; and only of views
that declare it. Who signs in again as the same person finds the form filled in and presses save.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from core.accounts.models import User
from core.accounts.signin import is_shared
from core.drafts import keeping
from core.drafts.declaring import OF_A_TAP, TAP, kept_by
from core.drafts.middleware import keep_posted
from core.drafts.tickets import Ticket, posted_with


def kept_at_time_out(request: HttpRequest, view: Any) -> Ticket | None:
    """The ticket of what was kept; None when nothing was, which is then what the page says."""
    if request.method != "POST" or getattr(view, "csrf_exempt", False):
        return None
    if page := getattr(view, "keeps_tap_on", ""):
        return _kept_tap(request, page)
    ticket = posted_with(request)
    if ticket is None or ticket.form not in kept_by(view):
        return None
    return keep_posted(request, ticket)


def _kept_tap(request: HttpRequest, page: str) -> Ticket | None:
    """With its client's id and the version it was based on: sent again, it is the same tap."""
    match, user = request.resolver_match, request.user
    told = {name: [request.POST.get(name, "")[:64]] for name in OF_A_TAP}
    if match is None or not isinstance(user, User) or is_shared(request) or not all(told.values()):
        return None
    of_the_page, *rest = match.kwargs.values()
    ticket = Ticket(
        form=TAP,
        subject=str(of_the_page),
        path=reverse(page, args=[of_the_page]),
        about=tuple(one for one in (of_the_page, *rest) if isinstance(one, UUID)),
    )
    told["to"] = [request.path]
    return ticket if keeping.keep(ticket=ticket, values=told, by=user, turn=1) else None
