"""Who knows whom: the young person's own page, the worker's two acts, the coordinator's list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.audit.log import opened
from core.drafts.coming_back import note_refused
from core.drafts.declaring import keeps
from core.forms import show
from core.list_filter import by_name, of_people
from core.pages import page_of
from participants.access import own_stay, stay_of
from participants.models import Recusal, Trajectory
from participants.permissions import CONSULT
from participants.recusal import recusal
from participants.recusal.forms import KnowsForm, initial_of
from participants.recusal.out_of_whom import STATES, out_of_whom

Said = Recusal.Said


def form_for(stay: Trajectory, data: Any = None) -> KnowsForm:
    found = recusal.everybody(stay)
    known = getattr(stay, "knows_somebody", None)
    return KnowsForm(data, colleagues=found, initial=initial_of(found, known))


@keeps("whom_i_know")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def whom_i_know(request: SignedIn) -> HttpResponse:
    """Ticked is done: that worker reads nothing about this person from now on."""
    stay = own_stay(request)
    form = form_for(stay, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        recusal.say_who_i_know(
            trajectory=stay,
            workers=form.ticked,
            somebody=form.cleaned_data["somebody"],
            note=form.cleaned_data["note"],
            by=request.user,
            said_by=Said.YOUNG_PERSON,
        )
        messages.success(request, _("Thank you for telling us. It is arranged."))
        return redirect("participants:whom_i_know")
    out = [c for c in recusal.everybody(stay) if c.recusal]
    return show(
        request,
        "participants/account/whom_i_know.html",
        {"form": form, "stay": stay, "out": out},
        form,
    )


@keeps("intake.knows")
@require_POST
@transaction.atomic
def said_in_talk(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The worker writes down whom the young person knows; naming oneself closes the page."""
    user = request.user
    stay = stay_of(request, trajectory_id)
    form = form_for(stay, request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Choose one of the youth workers of this group, or the coordinator.")
        )
        note_refused(request)
        return redirect("participants:intake", stay.pk)
    recusal.say_who_i_know(
        trajectory=stay,
        workers=form.ticked,
        somebody=form.cleaned_data["somebody"],
        note=form.cleaned_data["note"],
        by=user,
        said_by=Said.YOUNG_PERSON,
    )
    if user in form.ticked:
        messages.success(request, _("Arranged: your colleague goes on."))
        return redirect("participants:applicants")
    messages.success(request, _("Kept."))
    return redirect("participants:intake", stay.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def stay_out(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """I know this person or the family: a colleague goes on, no reason asked."""
    user = request.user
    stay = stay_of(request, trajectory_id)
    if request.method == "POST":
        recusal.recuse(trajectory=stay, worker=user, by=user, said_by=Said.WORKER)
        messages.success(request, _("Arranged: your colleague goes on."))
        return redirect("home:today")
    others = [c.user for c in recusal.colleagues(stay) if c.recusal is None and c.user != user]
    return render(
        request,
        "participants/stay_out.html",
        {"stay": stay, "person": stay.participant, "others": others},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def recusals(request: SignedIn) -> HttpResponse:
    """The coordinator's list: who stays out of what, and where nobody is left."""
    user = request.user
    if not may(user, CONSULT):
        raise PermissionDenied(_("This page is for the regional coordinator."))
    asked = of_people(request)
    if request.method == "POST":
        return redirect(asked.address)
    rows = asked.named(out_of_whom(user), lambda one: one.names)
    rows = asked.divided(rows, "stand", _("State"), lambda one: one.state, STATES)
    groups = by_name((one.group, one.group_name) for one in rows)
    rows = asked.divided(rows, "groep", _("Group"), lambda one: one.group, groups, in_words=False)
    page = page_of(request, rows)
    if page:
        opened(user, "recusals", [one.stay for one in page], request)
    context = {"asked": asked, "page": page}
    return render(request, "participants/recusals.html", context)


@require_POST
def let_in(request: SignedIn, recusal_id: UUID) -> HttpResponse:
    row = get_object_or_404(Recusal.objects.visible_to(request.user), pk=recusal_id)
    recusal.let_in(recusal=row, by=request.user)
    messages.success(request, _("Kept."))
    return redirect("participants:recusals")
