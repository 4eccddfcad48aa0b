"""Something is not okay: the page of the young person, and that of the named person."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.ages import age_on
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, show
from participants.access import own_stay
from participants.complaints import complaints
from participants.complaints.forms import StepForm, TellForm
from participants.consent.at_home import may_speak_of_parents
from participants.models import Complaint

ACTS = {"answer": complaints.answer, "note": complaints.note}


@keeps("not_okay", private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def not_okay(request: SignedIn) -> HttpResponse:
    """Whom it reaches by name, when you hear, what you told before and what came back."""
    stay = own_stay(request)
    people = complaints.who_hears(stay)
    form = TellForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carry_out(form, complaints.tell, trajectory=stay, by=request.user, **given):
            messages.success(request, _("Told. You read the answer here."))
            return redirect("participants:not_okay")
    told = Complaint.objects.visible_to(request.user).select_related("to")
    context = {
        "form": form,
        "people": people,
        "told": told.prefetch_related("steps__by"),
        "answer_by": complaints.answer_by(clock.today()),
        "may_say_not_at_home": may_speak_of_parents(stay),
    }
    return show(request, "participants/account/not_okay.html", context, form)


@keeps("not_okay.more", private=True)
@require_POST
def tell_more(request: SignedIn, complaint_id: UUID) -> HttpResponse:
    user = request.user
    if not user.is_participant:
        raise Http404
    row = get_object_or_404(Complaint.objects.visible_to(user), pk=complaint_id)
    form = StepForm(request.POST)
    if form.is_valid():
        complaints.tell_more(complaint=row, words=form.cleaned_data["words"], by=user)
        messages.success(request, _("Told. You read the answer here."))
    else:
        messages.error(request, _("Write something first, please."))
    return redirect("participants:not_okay")


@keeps("complaint", private=True)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def complaint(request: SignedIn, complaint_id: UUID) -> HttpResponse:
    """For the named person; opening it writes one audit line, which the young person sees."""
    user = request.user
    if user.is_participant:
        raise Http404
    row = get_object_or_404(
        Complaint.objects.visible_to(user).select_related(
            "trajectory__participant", "group", "to", "closed_by"
        ),
        pk=complaint_id,
    )
    form = StepForm(request.POST if request.POST.get("act") in ACTS else None)
    if request.method == "POST" and _acted(request, row, form):
        return redirect("participants:complaint", row.pk)
    opened(user, "complaint", [row.trajectory_id], request)
    person = row.trajectory.participant
    context = {
        "row": row,
        "person": person,
        "age": age_on(person.birth_date, clock.today()),
        "steps": row.steps.select_related("by"),
        "form": form,
    }
    return show(request, "participants/rights/complaint.html", context, form)


def _acted(request: SignedIn, row: Complaint, form: StepForm) -> bool:
    act = request.POST.get("act", "")
    if act not in (*ACTS, "close"):
        raise BadRequest("No such step.")
    if act != "close" and not form.is_valid():
        return False
    if act == "close":
        done = attempt(request, complaints.close, complaint=row, by=request.user)
    else:
        write, words = ACTS[act], form.cleaned_data["words"]
        done = attempt(request, write, complaint=row, words=words, by=request.user)
    if done:
        messages.success(request, _("Kept."))
    return True
