"""The own wish after the first evening (R-077)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from groups.models import Placement
from groups.seats.trial import record_wish
from participants.access import running_stay


@require_http_methods(["GET", "POST"])
def wish(request: SignedIn) -> HttpResponse:
    """After the first evening: would you like to take part? Said by the person (R-077)."""
    stay = running_stay(request)
    placement = get_object_or_404(
        Placement.objects.visible_to(request.user).select_related("trial_outcome"),
        trajectory=stay,
        trial=True,
        last_day__isnull=True,
    )
    if request.method == "POST" and request.POST.get("wish") in ("yes", "no"):
        record_wish(placement=placement, wish=request.POST["wish"] == "yes", by=request.user)
        messages.success(request, _("Thanks. Your youth workers will talk it over with you."))
        return redirect("groups:wish")
    context = {"stay": stay, "outcome": getattr(placement, "trial_outcome", None)}
    return render(request, "groups/wish.html", context)
