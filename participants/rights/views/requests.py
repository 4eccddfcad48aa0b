"""A request about somebody's data, for the professional who answers it (R-101, C-35, C-40)."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, ports
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, show
from core.privacy import REST
from participants.access import stay_or_404
from participants.models import DataRequest
from participants.rights import requests as data_requests
from participants.rights.forms import AnswerForm, ParentAsksForm
from participants.rights.privacy import person_of

STEPS = {
    "checked": data_requests.check_for_others,
    "heard": data_requests.hear_the_child,
    "read": data_requests.read_together,
}


def request_or_404(request: SignedIn, request_id: UUID) -> DataRequest:
    """Never the young person's: they have a page of their own."""
    user = request.user
    if user.is_participant:
        raise Http404
    return get_object_or_404(
        DataRequest.objects.visible_to(user).select_related(
            "trajectory__participant__contact", "checked_by", "answered_by"
        ),
        pk=request_id,
    )


@keeps("data_request", never=("outcome",))
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def data_request(request: SignedIn, request_id: UUID) -> HttpResponse:
    """Opening it writes one audit line. A step is a button; the answer is a form."""
    row = request_or_404(request, request_id)
    form = AnswerForm(None, row=row)
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "answer":
            form = AnswerForm(request.POST, row=row)
            if form.is_valid() and carry_out(
                form, data_requests.answer, request=row, by=request.user, **form.cleaned_data
            ):
                messages.success(request, _("Answered and kept."))
                return _after(row)
        elif act in STEPS:
            if attempt(request, STEPS[act], request=row, by=request.user):
                messages.success(request, _("Kept."))
            return redirect("participants:data_request", row.pk)
        else:
            raise BadRequest("No such step.")
    opened(request.user, "data_request", [row.trajectory_id], request)
    context = {
        "row": row,
        "person": row.trajectory.participant,
        "form": form,
        "late": row.answered_at is None and row.due_on < clock.today(),
        "from_parent": row.asker == DataRequest.Asker.PARENT,
    }
    return show(request, "participants/rights/data_request.html", context, form)


@require_safe
@transaction.atomic
def rest(request: SignedIn, request_id: UUID) -> HttpResponse:
    """What others wrote, to check and then read together: only while the person asked for it.

    Of this stay alone: another stay may have been in another group, with other workers.
    """
    row = request_or_404(request, request_id)
    asked = row.kind == DataRequest.Kind.COPY and row.asker == DataRequest.Asker.SELF
    if not asked or row.answered_at is not None:
        raise Http404
    participant = row.trajectory.participant
    opened(request.user, "personal_data", [row.trajectory_id], request)
    about = replace(person_of(participant), trajectory_ids=(row.trajectory_id,))
    found = [s for part in ports.export_person(about, REST) for s in part]
    return render(
        request,
        "participants/rights/rest.html",
        {
            "row": row,
            "person": participant,
            "sections": sorted((s for s in found if s.told), key=lambda s: s.order),
        },
    )


@keeps("data_requests")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def requests_of(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """All requests about one stay, and the place to write down what a parent asked (C-40)."""
    stay = stay_or_404(request, trajectory_id)
    form = ParentAsksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = data_requests.ask(
            trajectory=stay,
            by=request.user,
            asker=DataRequest.Asker.PARENT,
            **form.cleaned_data,
        )
        messages.success(request, _("Written down. First ask the young person about it."))
        return redirect("participants:data_request", row.pk)
    opened(request.user, "data_request", [stay.pk], request)
    rows = DataRequest.objects.visible_to(request.user)
    context = {
        "stay": stay,
        "person": stay.participant,
        "form": form,
        "rows": rows.filter(trajectory__participant=stay.participant_id),
    }
    return show(request, "participants/rights/requests.html", context, form)


def _after(row: DataRequest) -> HttpResponse:
    """Whoever was erased has no page any more."""
    erased = row.kind == DataRequest.Kind.DELETION
    return redirect("home:today") if erased else redirect("participants:data_request", row.pk)
