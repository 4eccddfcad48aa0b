"""*Bel* on the sheet: the number, or a ready text, in the row itself; then what came of it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.ids import uuid7
from groups.models import Meeting
from groups.sheet.calls.forms import HeardForm
from groups.sheet.evening import Row
from groups.sheet.not_arrived import Heard, note_call, ready_text, take_back_call
from groups.sheet.views.access import evening_of, own_sheet, row_of
from groups.sheet.views.sheet import _go_to, said_on_the_sheet
from participants.care.safe_ways import Way
from participants.models import Trajectory


@require_GET
def call(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """How to reach this person now, and one tap for what came of it. Reading it is written down."""
    meeting, row, stay = _found(request, meeting_id, trajectory_id)
    if row.call is None or not row.call.way:
        messages.info(request, _("There is nobody to ring in this row now."))
        sheet = reverse("groups:meeting", args=[meeting.pk])
        return _go_to(sheet) if getattr(request, "htmx", False) else redirect(sheet)
    opened(request.user, "contact", [stay.pk], request)
    contact = stay.participant.contact
    context = {
        "meeting": meeting,
        "row": row,
        "contact": contact,
        "text": ""
        if row.call.way == Way.CALL
        else ready_text(
            stay.participant.call_name, contact, request.user, blocked=bool(row.why_blocked)
        ),
        "heard": Heard.choices,
        "attempt_id": uuid7(),
    }
    if not getattr(request, "htmx", False):
        return render(request, "groups/sheet/calling.html", context)
    unfolded = render_to_string("groups/sheet/call.html", context, request)
    shown = {"evening": evening_of(request, meeting), "meeting": meeting, "row": row}
    return render(request, "groups/meeting.html#one", shown | {"unfolded": unfolded})


@require_POST
@said_on_the_sheet
def called(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """What came of it."""
    meeting, _there, stay = _found(request, meeting_id, trajectory_id)
    form = HeardForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not an outcome.")
    note_call(meeting=meeting, trajectory=stay, by=request.user, **form.cleaned_data)
    return _answer(request, meeting, trajectory_id)


@require_POST
@said_on_the_sheet
def not_called(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """A slip: what was written down of the call is taken back."""
    meeting, _there, stay = _found(request, meeting_id, trajectory_id)
    take_back_call(meeting=meeting, trajectory=stay, by=request.user)
    return _answer(request, meeting, trajectory_id)


def _found(
    request: SignedIn, meeting_id: UUID, trajectory_id: UUID
) -> tuple[Meeting, Row, Trajectory]:
    meeting = own_sheet(request, meeting_id)
    row = row_of(evening_of(request, meeting), trajectory_id, behind=True)
    stays = Trajectory.objects.visible_to(request.user)
    stay = get_object_or_404(stays.select_related("participant__contact"), pk=trajectory_id)
    return meeting, row, stay


def _answer(request: SignedIn, meeting: Meeting, trajectory_id: UUID) -> HttpResponse:
    if getattr(request, "htmx", False):
        evening = evening_of(request, meeting)
        context = {"evening": evening, "meeting": meeting, "row": row_of(evening, trajectory_id)}
        return render(request, "groups/meeting.html#tapped", context)
    return redirect(reverse("groups:meeting", args=[meeting.pk]) + f"#row-{trajectory_id}")
