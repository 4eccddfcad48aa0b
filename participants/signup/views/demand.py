"""Where is Join Us wanted and not there: for who plans new groups."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.list_filter import ListFilter, by_name
from core.pages import page_of
from participants.permissions import SEE_DEMAND
from participants.signup.demand import demand as figures
from participants.signup.demand import shown


@require_safe
def demand(request: SignedIn) -> HttpResponse:
    user = request.user
    if not may(user, SEE_DEMAND):
        raise PermissionDenied(_("This page is for who plans new groups."))
    found = figures(user, clock.today())
    asked = ListFilter(request.GET)
    rows = asked.named(found.places, lambda place: (place.name, place.province))
    provinces = by_name((place.province, place.province) for place in rows)
    rows = asked.divided(
        rows, "provincie", _("Province"), lambda place: place.province, provinces, in_words=False
    )
    page = page_of(request, rows)
    return render(
        request,
        "participants/demand.html",
        {
            "asked": asked,
            "page": page,
            "places": [(p, shown(p.lately), shown(p.in_all)) for p in page],
            "reasons": [(r.reason, shown(r.lately)) for r in found.reasons],
        },
    )
