"""Aftercare of one stay: why to call, how it went, and what comes next (R-191..R-196)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from participants.access import stay_in_sight
from participants.exit import aftercare as after
from participants.exit.forms import CallForm
from participants.models import Trajectory
from participants.permissions import DECIDE
from participants.stay.no_messages import is_left_alone
from questionnaires.access import reaches
from questionnaires.cycle import calls, on_hold


@keeps("aftercare")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def aftercare(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_in_sight(request, trajectory_id, "participant__contact", "group")
    if not reaches(request.user, DECIDE, stay.group):
        raise PermissionDenied(_("The workers of the group keep in touch."))
    opened(request.user, "aftercare", [stay.pk], request)
    form = CallForm(
        request.POST if request.method == "POST" else None, initial={"how": stay.afterwards_by}
    )
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        if carry_out(form, after.record_call, trajectory=stay, by=request.user, **facts):
            messages.success(request, _("Kept."))
            return redirect("questionnaires:aftercare", stay.pk)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "contact": stay.participant.contact,
        "form": form,
        "former": stay.phase == Trajectory.Phase.FORMER,
        "left_alone": is_left_alone(stay),
        "due": calls.of(stay),
        "waits": not on_hold.has_a_yes(stay),
        "talks": after.talks_of(stay),
        "most": after.ADVISED_CALLS,
        "warning": after.calls_warning(stay),
        "earlier": stay.follow_up_calls.select_related("by").order_by("-at"),
    }
    return show(request, "questionnaires/aftercare.html", context, form)
