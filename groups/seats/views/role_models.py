"""An example to others: noted by a worker, ended by the young person or a worker (R-145)."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from groups.access import stay_of
from groups.models import RoleModel
from groups.seats import role_models
from groups.seats.forms import RoleModelForm
from participants.access import running_stay


@keeps("role_model", never=("agreed_on", "agreed"))
@require_http_methods(["GET", "POST"])
def note(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """What somebody is an example in, and what was until now; a worker of the group writes it."""
    stay = stay_of(request, trajectory_id)
    opened(request.user, "role_models", [stay.pk], request)
    rows = RoleModel.objects.visible_to(request.user).filter(trajectory=stay)
    if "end" in request.POST:
        return _end(request, stay.pk, request.POST["end"])
    form = RoleModelForm(
        request.POST or None, name=stay.shown_name, initial={"agreed_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        noted = partial(role_models.note_role_model, trajectory=stay, by=request.user)
        if carry_out(form, noted, **form.cleaned_data):
            messages.success(
                request, _("Saved. {name} reads it on the start page.").format(name=stay.shown_name)
            )
            return redirect("groups:role_model", stay.pk)
    told = rows.select_related("noted_by", "ended_by").order_by("-agreed_on", "-pk")
    why = role_models.hindrance_of(stay)
    context = {
        "stay": stay,
        "form": form,
        "now": [row for row in told if row.ended_on is None],
        "before": [row for row in told if row.ended_on is not None],
        "why_not": role_models.WHY_NOT[why] if why else "",
        "at_once": role_models.AT_ONCE,
    }
    return show(request, "groups/role_model.html", context, form)


def _end(request: SignedIn, stay: UUID, which: str) -> HttpResponse:
    try:
        pk = UUID(which)
    except ValueError:
        pk = UUID(int=0)
    rows = RoleModel.objects.visible_to(request.user).select_related("trajectory")
    row = get_object_or_404(rows, pk=pk, trajectory=stay)
    role_models.end_role_model(role_model=row, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("groups:role_model", stay)


@require_POST
def rather_not(request: SignedIn, role_model_id: UUID) -> HttpResponse:
    """The young person: rather not any more. No reason is asked."""
    stay = running_stay(request)
    rows = RoleModel.objects.visible_to(request.user).select_related("trajectory")
    row = get_object_or_404(rows, pk=role_model_id, trajectory=stay)
    role_models.end_role_model(role_model=row, by=request.user)
    messages.success(request, _("Okay. This is no longer on your page."))
    return redirect("home:today")


@require_POST
def ended(request: SignedIn, role_model_id: UUID) -> HttpResponse:
    """A worker has read that somebody ended it; a second press finds it done."""
    rows = RoleModel.objects.visible_to(request.user).ended_by_themselves(request.user)
    role_models.say_end_seen(role_model=get_object_or_404(rows, pk=role_model_id))
    messages.success(request, _("Saved."))
    return redirect("home:today")
