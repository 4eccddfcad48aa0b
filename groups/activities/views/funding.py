"""*Does this cost too much for you?*, and what the workers of the group do with it (R-098)."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, sent, show
from core.names import isolated
from groups.access import group_of
from groups.activities.forms import RegisterForm, SettleForm, TooExpensiveForm
from groups.activities.funding import ask, settle, take_back, waiting_for
from groups.activities.views.whose import activity_and_stay
from groups.models import FundingRequest, Placement
from groups.permissions import HANDLE_FUNDING, require_here
from participants.access import running_stay
from participants.models import Trajectory
from participants.person.shown_name import by_call_name

METHODS = ["GET", "HEAD", "POST"]


@keeps("activity.too_expensive")
@require_http_methods(METHODS)
def too_expensive(request: SignedIn, activity_id: UUID) -> HttpResponse:
    """One tap tells it, to the youth workers alone; words are never needed."""
    running_stay(request)
    activity, stay = activity_and_stay(request, activity_id)
    if stay is None:
        raise Http404
    form = TooExpensiveForm(sent(request, "ask"))
    if request.POST.get("act") == "take_back":
        take_back(trajectory=stay, activity=activity)
        messages.success(request, _("Taken back. Nobody has to do anything."))
        return redirect("groups:idea", activity.pk)
    if form.is_bound and form.is_valid():
        act = partial(ask, trajectory=stay, activity=activity, by=request.user)
        if carry_out(form, act, words=form.cleaned_data["words"]):
            messages.success(
                request, _("Good that you tell us. Your youth workers look for a way with you.")
            )
            return redirect("groups:too_expensive", activity.pk)
    asked = waiting_for(stay, activity)
    context = {"activity": activity, "form": form, "asked": asked}
    return show(request, "groups/activities/too_expensive.html", context, form)


@keeps("funding.register")
@require_http_methods(METHODS)
@transaction.atomic
def register(request: SignedIn, group_id: UUID) -> HttpResponse:
    """Who was helped, and what came of it: registered for the workers of the group alone."""
    group = group_of(request, group_id)
    require_here(request.user, HANDLE_FUNDING, group.pk)
    seats = Placement.objects.visible_to(request.user).held().filter(group=group)
    found = list(seats.select_related("trajectory").order_by(*by_call_name("trajectory__")))
    stays = {str(row.trajectory_id): row.trajectory for row in found}
    people = [(key, isolated(stay.shown_name)) for key, stay in stays.items()]
    form = RegisterForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        stay: Trajectory = stays[form.cleaned_data["person"]]
        act = partial(ask, trajectory=stay, activity=None, by=request.user)
        if done := carry_out(form, act, words=form.cleaned_data["words"]):
            return redirect("groups:funding", done.result.pk)
    rows = FundingRequest.objects.visible_to(request.user).filter(trajectory__group=group)
    known = list(rows.select_related("trajectory", "activity")[:100])
    opened(request.user, "funding", [row.trajectory_id for row in known], request)
    context = {
        "group": group,
        "form": form,
        "waiting": [r for r in known if r.settled_at is None and r.taken_back_at is None],
        "settled": [r for r in known if r.settled_at is not None],
    }
    return show(request, "groups/activities/fundings.html", context, form)


@keeps("funding.settle", never=("outcome",))
@require_http_methods(METHODS)
@in_turn
@transaction.atomic
def request_of(request: SignedIn, funding_id: UUID) -> HttpResponse:
    """What somebody said, and what came of it; a second time corrects the first."""
    row: FundingRequest = get_object_or_404(
        FundingRequest.objects.visible_to(request.user).select_related(
            "trajectory__participant", "trajectory__group", "activity__meeting", "settled_by"
        ),
        pk=funding_id,
    )
    if request.user.is_participant:
        raise PermissionDenied(_("Only the youth workers of this group can do this."))
    opened(request.user, "funding", [row.trajectory_id], request)
    known = {"outcome": row.outcome, "amount_cents": row.amount_cents, "note": row.note}
    form = SettleForm(request.POST if request.method == "POST" else None, initial=known)
    stands = SettleForm(initial=known)
    if form.is_bound and form.is_valid() and together(request, form, stands):
        act = partial(settle, request=row, by=request.user)
        if carry_out(form, act, **form.cleaned_data):
            messages.success(request, _("Saved. Only the youth workers of this group see it."))
            return redirect("groups:fundings", row.trajectory.group_id)
    context = {"row": row, "form": form, "group": row.trajectory.group}
    return show(request, "groups/activities/funding.html", context, form)
