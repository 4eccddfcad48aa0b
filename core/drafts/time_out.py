"""A form came in after the session ran out: its words are kept, its act is not done.

Asked only after the CSRF check passed, so that no other site leaves words here; and only of views
that declare it. Who signs in again as the same person finds the form filled in and presses save.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core.drafts.declaring import kept_by
from core.drafts.middleware import keep_posted
from core.drafts.tickets import Ticket, posted_with


def kept_at_time_out(request: HttpRequest, view: Any) -> Ticket | None:
    """The ticket of what was kept; None when nothing was, which is then what the page says."""
    if request.method != "POST" or getattr(view, "csrf_exempt", False):
        return None
    ticket = posted_with(request)
    if ticket is None or ticket.form not in kept_by(view):
        return None
    return ticket if keep_posted(request, ticket) else None
