"""The worker's applicants: who signed up, how to reach them, what happened since."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.accounts.actors import SignedIn, Viewer
from core.accounts.rights import may, reach
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from core.list_filter import by_name, of_people
from core.pages import page_of
from participants.journey.route_map import route_of
from participants.journey.views.other_group import choice_of
from participants.models import Intake, Trajectory
from participants.permissions import CONSULT, DECIDE, SEE_APPLICANTS
from participants.recusal import recusal
from participants.signup.applicants import (
    age_today,
    applicants_for,
    is_late,
    move_applicant,
    other_groups,
)
from participants.signup.choices import CHANNEL, HEARD_FROM, WHEN, shown
from participants.signup.first_contact import promised_by, record_contact
from participants.signup.forms.applicants import AnotherPersonForm, ContactForm, MoveForm
from participants.signup.look_alikes import Alike, alike, candidates, not_the_same
from participants.signup.order_of_need import SignUp, lines_for
from participants.signup.views.lines import STEPS, drawn


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def applicants(request: SignedIn) -> HttpResponse:
    """Who signed up and where they are: nobody is forgotten. One audit line with all ids shown."""
    user = request.user
    if not may(user, SEE_APPLICANTS):
        raise PermissionDenied(_("This page is for the youth workers of a group."))
    asked = of_people(request)
    if request.method == "POST":
        return redirect(asked.address)
    lines = asked.named(lines_for(user), lambda line: line.names)
    lines = asked.divided(lines, "stap", _("What it asks"), lambda line: line.step, STEPS)
    groups = by_name((line.in_group, line.in_group_name) for line in lines)
    lines = asked.divided(
        lines,
        "groep",
        _("Group"),
        lambda line: line.in_group,
        groups,
        in_words=False,
    )
    page = page_of(request, lines)
    people = [line.pk for line in page if isinstance(line, SignUp)]
    if people:
        opened(user, "applicants", people, request)
    context = {
        "asked": asked,
        "page": page,
        "lines": drawn(list(page)),
        "coordinates": may(user, CONSULT),
        "leads": bool(reach(user, DECIDE).groups),
    }
    return render(request, "participants/applicants.html", context)


@require_safe
@transaction.atomic
def applicant(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = applicant_or_404(request, trajectory_id)
    opened(request.user, "applicant", [stay.pk], request)
    return render(request, "participants/applicant.html", context_of(request, stay, ContactForm()))


@keeps("contact")
@require_POST
@transaction.atomic
def contact(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Spoken, no answer, left a message: one tap and perhaps a note."""
    stay = applicant_or_404(request, trajectory_id)
    if not holds_for(request.user, stay):
        raise PermissionDenied(_("Only the youth workers of the group do this."))
    form = ContactForm(request.POST)
    if not form.is_valid():
        opened(request.user, "applicant", [stay.pk], request)
        context = context_of(request, stay, form)
        return show(request, "participants/applicant.html", context, form)
    record_contact(trajectory=stay, by=request.user, **form.cleaned_data)
    messages.success(request, _("Kept."))
    return redirect("participants:applicant", stay.pk)


@require_POST
@transaction.atomic
def another_person(request: SignedIn, trajectory_id: UUID, person_id: UUID) -> HttpResponse:
    """Who seems the same is somebody else: looked at by a worker, with a reason."""
    stay = applicant_or_404(request, trajectory_id)
    if not holds_for(request.user, stay):
        raise PermissionDenied(_("Only the youth workers of the group do this."))
    if person_id not in {one.person for one in alike_of(stay)}:
        raise Http404
    form = AnotherPersonForm(request.POST)
    if form.is_valid() and carry_out(
        form,
        not_the_same,
        trajectory=stay,
        other=person_id,
        by=request.user,
        **form.cleaned_data,
    ):
        messages.success(request, _("Kept. These are two people."))
        return redirect("participants:applicant", stay.pk)
    opened(request.user, "applicant", [stay.pk], request)
    context = context_of(request, stay, ContactForm()) | {"another": form}
    return show(request, "participants/applicant.html", context, form)


@keeps("move_applicant", never=("group",))
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def move(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """To another group of the same municipality; its workers hear it at once.

    Asked for a page, as by the next page of a choice that was refused, it is the applicant's.
    """
    stay = applicant_or_404(request, trajectory_id)
    if request.method != "POST":
        return redirect(
            f"{reverse('participants:applicant', args=[stay.pk])}?{request.GET.urlencode()}"
        )
    form = MoveForm(request.POST, groups=other_groups(stay))
    if form.is_valid() and carry_out(
        form, move_applicant, trajectory=stay, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("Moved. The workers of that group have it now."))
        return redirect("participants:applicants")
    opened(request.user, "applicant", [stay.pk], request)
    context = context_of(request, stay, ContactForm()) | {"move": form}
    return show(request, "participants/applicant.html", context, form)


def applicant_or_404(request: HttpRequest, trajectory_id: UUID) -> Trajectory:
    """With `candidates`: who has the same birthday and postcode."""
    found = applicants_for(request.user).annotate(candidates=candidates(request.user))
    return get_object_or_404(found, pk=trajectory_id)


def alike_of(stay: Any) -> list[Alike]:
    """Who seems to be the same person as this applicant, of `applicant_or_404`."""
    return alike(stay.search_name, getattr(stay, "candidates", []))


def holds_for(user: Viewer, stay: Trajectory) -> bool:
    """A worker of the stay's own group; the coordinator has less on the page."""
    return stay.group_id is not None and stay.group_id in reach(user, DECIDE).groups


def intake_of(stay: Trajectory) -> Intake | None:
    return getattr(stay, "intake", None)


def context_of(request: HttpRequest, stay: Trajectory, form: ContactForm) -> dict[str, Any]:
    """The coordinator of somebody without a group sees name, age, postcode, safe channel only."""
    person, reach_by = stay.participant, stay.participant.contact
    worker = holds_for(request.user, stay)
    options = other_groups(stay)
    page = reverse("participants:applicant", args=[stay.pk])
    choice = choice_of(request, stay, options, path=page)
    return {
        **choice,
        "stay": stay,
        "age": age_today(stay),
        "person": person,
        "contact": reach_by,
        "by_phone": bool({"phone", "whatsapp"} & set(reach_by.safe_channels)),
        "channels": [shown(c, CHANNEL) for c in reach_by.safe_channels],
        "when": shown(stay.first_contact_when, WHEN) if stay.first_contact_when else "",
        "heard_from": shown(stay.heard_from, HEARD_FROM) if stay.heard_from else "",
        "intake": intake_of(stay) if worker else None,
        "worker": worker,
        "late": is_late(stay),
        "alike": alike_of(stay) if worker else [],
        "another": AnotherPersonForm(),
        "promised": promised_by(clock.day_of(stay.signed_up_at)),
        "contact_attempts": stay.contact_attempts.select_related("by") if worker else [],
        "form": form,
        "colleagues": recusal.everybody(stay) if worker else [],
        "panel": {"stay": stay, "route": route_of(stay)} if worker else None,
        "move": MoveForm(groups=options) if choice["asked"].all else None,
    }
