"""The own pages of a young person: details, what you said yes to, your parents (R-002, R-102)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, show
from participants.access import own_stay
from participants.consent.needed import asks_parents
from participants.models import Trajectory
from participants.person import details
from participants.person.forms import DetailsForm


@keeps("details")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def details_page(request: SignedIn) -> HttpResponse:
    stay = own_stay(request)
    person = stay.participant
    parents = asks_parents(stay)
    form = DetailsForm(request.POST or None, person=person, parents=parents)
    stands = DetailsForm(person=person, parents=parents)
    if request.method == "POST" and form.is_valid() and together(request, form, stands):
        given = form.cleaned_data
        if carry_out(form, details.change_details, participant=person, by=request.user, **given):
            messages.success(request, _("Kept. Thank you."))
            return redirect("participants:details")
    return show(
        request,
        "participants/account/details.html",
        {
            "form": form,
            "stay": stay,
            "person": person,
            "asks_parents": parents,
            "running": stay.phase not in Trajectory.Phase.OVER,
        },
        form,
    )
