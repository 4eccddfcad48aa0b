"""Care concerns of one person: read by the own group's workers, every opening written down."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import carry_out, sent, show
from participants.access import stay_or_404
from participants.care import care_concerns
from participants.care.forms import ClosingForm, ConcernForm, ShareForm
from participants.models import CareConcern


@keeps("care_concerns")
@require_http_methods(["GET", "POST"])
@transaction.atomic
def concerns(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """What was written down, newest first, and a new one: together, or acute danger."""
    stay = stay_or_404(request, trajectory_id)
    rows = list(
        CareConcern.objects.visible_to(request.user)
        .filter(trajectory=stay)
        .select_related("by")
        .prefetch_related("shares")
    )
    opened(request.user, "care concern", [stay.pk], request)
    form = ConcernForm(request.POST or None, initial={"agreed_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        what, basis, record = form.cleaned_data["what"], form.given(), care_concerns.record_concern
        tried = carry_out(form, record, trajectory=stay, what=what, basis=basis, by=request.user)
        if tried:
            messages.success(request, _("Kept."))
            return redirect("participants:care_concern", tried.result.pk)
    context = {"stay": stay, "person": stay.participant, "rows": rows, "form": form}
    return show(request, "participants/care_concerns.html", context, form)


@keeps("care_concern.share", "care_concern.close")
@require_http_methods(["GET", "POST"])
@transaction.atomic
def concern(request: SignedIn, concern_id: UUID) -> HttpResponse:
    """One concern: what, who was told what and when, and the next one to tell."""
    row = get_object_or_404(
        CareConcern.objects.visible_to(request.user).select_related("by", "closed_by"),
        pk=concern_id,
    )
    stay = stay_or_404(request, row.trajectory_id)
    opened(request.user, "care concern", [stay.pk], request)
    act = request.POST.get("act", "")
    forms: dict[str, Any] = {
        "share": ShareForm(
            sent(request, "share"),
            initial={"shared_on": clock.today(), "agreed_on": clock.today()},
        ),
        "close": ClosingForm(sent(request, "close")),
    }
    if request.method == "POST":
        if act not in forms:
            raise BadRequest("No such act.")
        form = forms[act]
        if form.is_valid() and _done(request, row, act, form):
            return redirect("participants:care_concern", row.pk)
    context = {
        "stay": stay,
        "person": stay.participant,
        "concern": row,
        "shares": list(row.shares.select_related("by")),
        "unsafe_home": care_concerns.home_is_unsafe(stay),
        "forms": forms,
    }
    return show(request, "participants/care_concern.html", context, *forms.values())


def _done(request: SignedIn, row: CareConcern, act: str, form: Any) -> bool:
    given = form.cleaned_data
    if act == "close":
        done = carry_out(
            form,
            care_concerns.close_concern,
            concern=row,
            note=given["closed_note"],
            by=request.user,
        )
    else:
        done = carry_out(
            form,
            care_concerns.share_concern,
            concern=row,
            to=given["to"],
            whom=given["whom"],
            what=given["shared_what"],
            shared_on=given["shared_on"],
            basis=form.given(),
            by=request.user,
        )
    if done:
        messages.success(request, _("Kept."))
    return bool(done)
