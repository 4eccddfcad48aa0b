"""*Help* on the sheet: one tap to 112, whom to ring, and a line with its moment."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.coming_back import note_refused
from core.drafts.declaring import keeps
from core.ids import uuid7
from groups.models import Meeting, TimedLine
from groups.sheet import help as help_rules
from groups.sheet.forms import LineForm
from groups.sheet.timed_lines import write_line
from groups.sheet.views.access import evening_of, own_sheet


@require_GET
def help_card(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    return _card(request, own_sheet(request, meeting_id), _new_line())


@keeps("timed_line")
@require_POST
def timed_line(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Write that something happens now, with or without words."""
    here = own_sheet(request, meeting_id)
    form = LineForm(request.POST)
    if not form.is_valid():
        if "text" not in form.errors:
            raise BadRequest("Not a line.")
        note_refused(request)
        return _card(request, here, form, status=422)
    write_line(meeting=here, by=request.user, **form.cleaned_data)
    return redirect(reverse("groups:help", args=[here.pk]) + "#lines")


@require_GET
@transaction.atomic
def emergency_contacts(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Behind a second tap; that they were opened is written down (R-020)."""
    here = own_sheet(request, meeting_id)
    evening = evening_of(request, here)
    on_it = [row.trajectory_id for row in evening.rows if not row.name_only]
    visiting = [one.stay for one in evening.visitors if one.stay]
    people = help_rules.emergency_contacts(here, [*on_it, *visiting], request.user)
    if people:
        opened(request.user, "emergency", [one.stay for one in people], request)
    context = {"meeting": here, "people": people, "kept_out": len(evening.rows) > len(on_it)}
    return render(request, "groups/emergency_contacts.html", context)


def _card(request: SignedIn, here: Meeting, form: LineForm, status: int = 200) -> HttpResponse:
    group = help_rules.group_of_the_card(here)
    rings = help_rules.whom_to_ring(group, request.user)
    lines = TimedLine.objects.visible_to(request.user).filter(meeting=here.pk)
    context: dict[str, Any] = {
        "meeting": here,
        "evening": evening_of(request, here),
        "rings": rings,
        "organisation": group.location.organisation,
        "no_number": not all(one.phone for one in rings),
        "lines": lines.select_related("by"),
        "form": form,
    }
    return render(request, "groups/help.html", context, status=status)


def _new_line() -> LineForm:
    return LineForm(initial={"client_id": uuid7()})
