"""The route map: the young person's own page, and the same for the worker beside them."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.actors import SignedIn
from core.audit.log import opened
from participants.access import own_stay, page_of, stay_or_404
from participants.journey.route_map import route_of
from participants.permissions import SEE_FILE


@require_safe
def own_route(request: SignedIn) -> HttpResponse:
    """From the first day on, also after leaving (R-088)."""
    context = {"route": route_of(own_stay(request))}
    return render(request, "participants/account/route.html", context)


@require_safe
@transaction.atomic
def route(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id, SEE_FILE)
    opened(request.user, "file", [stay.pk], request)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "route": route_of(stay),
        "back": page_of(stay),
    }
    return render(request, "participants/route.html", context)
