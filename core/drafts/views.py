"""Keeping what is typed, and throwing it away. Both say only what the server did."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import SignedIn
from core.accounts.signin import is_shared
from core.drafts import keeping
from core.drafts.declaring import FORMS
from core.drafts.filling import typed_in
from core.drafts.tickets import mark_of, posted_with


@require_http_methods(["GET", "POST"])
def keep(request: SignedIn) -> HttpResponse:
    """200 kept; 409 another page went on with it: here is a ticket of your own; 413 too long.

    GET: the check of this session, for a page that stood open while its person signed in again in
    another tab. It says whose session it is, and a page of somebody else leaves it alone.
    """
    user = request.user
    if request.method == "GET":
        return JsonResponse({"who": mark_of(user), "check": get_token(request)})
    ticket = posted_with(request)
    if ticket is None or ticket.form not in FORMS or is_shared(request):
        return JsonResponse({}, status=400)
    turn = request.POST.get("draft_turn", "")
    turns = int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 16 else 0
    try:
        values = typed_in(request.POST, ticket.form)
        if keeping.keep(ticket=ticket, values=values, by=user, turn=turns):
            return JsonResponse({"draft": str(ticket.draft)})
    except keeping.TooLarge:
        return JsonResponse({}, status=413)
    own = ticket.anew()
    return JsonResponse({"ticket": own.sealed(user), "draft": str(own.draft)}, status=409)


keep.keeps_typing = True  # type: ignore[attr-defined]


@require_POST
def throw_away(request: SignedIn, draft_id: UUID) -> HttpResponse:
    keeping.throw_away(draft=draft_id, by=request.user)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, None) and back.startswith("/")
    return redirect(back if safe else "/")
