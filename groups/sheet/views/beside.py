"""Guests, visitors and who went home early: one tap each, with or without JavaScript."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import SignedIn
from core.ids import uuid7
from core.list_filter import NAME, of_people
from core.pages import page_of
from groups.models import Meeting, Visitor
from groups.sheet.beside import add_visitor, count_guests, go_early, take_off
from groups.sheet.forms import FriendForm, GuestsForm, LeftForm, WalkInForm
from groups.sheet.views.access import act_id, evening_of, open_sheet, own_sheet, row_of
from groups.sheet.views.sheet import said_on_the_sheet
from groups.sheet.visitors import walks_in, who_may_walk_in


@require_POST
@said_on_the_sheet
def guests(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    here = open_sheet(request, meeting_id)
    form = GuestsForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not an act.")
    here.guests = count_guests(
        meeting=here,
        change=form.cleaned_data["change"],
        client_id=form.cleaned_data["client_id"],
        by=request.user,
    )
    if getattr(request, "htmx", False):
        context = {"evening": evening_of(request, here), "meeting": here}
        return render(request, "groups/meeting.html#counted", context)
    return _back(here, "guests")


@require_http_methods(["GET", "POST"])
def walk_in(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """*Somebody else*: whoever walks in is on tonight's sheet in one tap from here, full or not."""
    asked = of_people(request)
    looks = request.method == "GET" or NAME in request.POST
    here = (own_sheet if looks else open_sheet)(request, meeting_id)
    if request.method == "POST" and looks:
        return redirect(asked.address)
    if "stay" in request.POST:
        return _known_one(request, here)
    form = FriendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        visitor = add_visitor(
            meeting=here,
            client_id=form.cleaned_data["client_id"],
            by=request.user,
            call_name=form.cleaned_data["call_name"],
        )
        return _back(here, f"visitor-{visitor.pk}")
    if "client_id" in form.errors:
        raise BadRequest("Not an act.")
    people = asked.named(who_may_walk_in(here, request.user), lambda one: [one.name])
    context = {
        "meeting": here,
        "evening": evening_of(request, here),
        "asked": asked,
        "people": page_of(request, people),
        "form": form,
        "client_id": uuid7(),
    }
    return render(request, "groups/walk_in.html", context, status=422 if form.errors else 200)


def _known_one(request: SignedIn, here: Meeting) -> HttpResponse:
    form = WalkInForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not an act.")
    stay = walks_in(here, request.user, form.cleaned_data["stay"])
    if stay is None:
        raise Http404
    client_id = form.cleaned_data["client_id"]
    visitor = add_visitor(meeting=here, client_id=client_id, by=request.user, stay=stay)
    return _back(here, f"visitor-{visitor.pk}")


@require_POST
@said_on_the_sheet
def not_here(request: SignedIn, meeting_id: UUID, visitor_id: UUID) -> HttpResponse:
    here = open_sheet(request, meeting_id)
    visitor = get_object_or_404(
        Visitor.objects.visible_to(request.user).select_related("meeting"),
        pk=visitor_id,
        meeting=here.pk,
    )
    take_off(visitor=visitor, client_id=act_id(request), by=request.user)
    return _back(here, "guests")


@require_POST
def left_early(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """Behind the name: went home early, and was there all the same."""
    here = open_sheet(request, meeting_id)
    row = row_of(evening_of(request, here), trajectory_id, behind=True)
    form = LeftForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not an act.")
    left = form.cleaned_data["left"]
    go_early(
        meeting=here,
        stay_id=trajectory_id,
        left=left,
        client_id=form.cleaned_data["client_id"],
        by=request.user,
    )
    said = _("%(name)s went home early.") if left else _("%(name)s is still here.")
    messages.success(request, said % {"name": row.name})
    return _back(here, f"row-{trajectory_id}")


def _back(here: Meeting, anchor: str) -> HttpResponse:
    return redirect(reverse("groups:meeting", args=[here.pk]) + f"#{anchor}")
