"""Where the group is now, for the worker who is with it: off, back and counted in one tap each."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from core.ids import uuid7
from groups.activities.forms import CountForm, StopForm
from groups.activities.stops import (
    EARLY,
    come_back,
    count_heads,
    expected,
    go_on,
    take_back_stop,
    where_now,
)
from groups.models import Activity, Meeting
from groups.permissions import RECORD_ATTENDANCE, require_here


@keeps("meeting.stops")
@require_http_methods(["GET", "HEAD", "POST"])
def stops(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """The head of the sheet and the logbook read what is tapped here."""
    meeting: Meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("group__location"), pk=meeting_id
    )
    require_here(request.user, RECORD_ATTENDANCE, meeting.group_id)
    form, count = StopForm(sent(request, "go")), CountForm(sent(request, "count"))
    if request.method == "POST" and _done(request, meeting, form, count):
        return redirect("groups:stops", meeting.pk)
    context = {
        "meeting": meeting,
        "plan": Activity.objects.visible_to(request.user).filter(meeting=meeting).first(),
        "whereabouts": where_now(meeting),
        "expected": expected(meeting),
        "form": form,
        "count": count,
        "client_id": uuid7(),
    }
    return show(request, "groups/activities/stops.html", context, form, count)


def _done(request: SignedIn, meeting: Meeting, form: StopForm, count: CountForm) -> bool:
    """Do what was tapped; False when a form must be shown again."""
    act = request.POST.get("act", "")
    said: dict[str, Any] = {"meeting": meeting, "by": request.user}
    if act == "go":
        return form.is_valid() and bool(
            carry_out(form, partial(go_on, **said, **_where(request, meeting, form)))
        )
    if act == "count":
        if not count.is_valid():
            return False
        counted = count.cleaned_data["counted"]
        return bool(
            carry_out(count, count_heads, stop_id=_id(request, "stop"), counted=counted, **said)
        )
    if act == "back":
        attempt(request, come_back, client_id=_client_id(request), **said)
    elif act == "undo":
        if attempt(request, take_back_stop, stop_id=_id(request, "stop"), **said):
            messages.success(request, _("Undone."))
    else:
        raise BadRequest("No such act.")
    return True


def _where(request: SignedIn, meeting: Meeting, form: StopForm) -> dict[str, Any]:
    typed = form.cleaned_data
    at: datetime | None = None
    if (hour := typed["at"]) is not None:
        at = clock.at(meeting.date, hour.hour, hour.minute)
        if at < meeting.starts_at - EARLY:  # past midnight, in a meeting that goes on so long
            at += timedelta(days=1)
    return {
        "what": typed["what"],
        "place": typed["place"],
        "at": at,
        "client_id": _client_id(request),
    }


def _client_id(request: SignedIn) -> UUID | None:
    return _id(request, "client_id") if request.POST.get("client_id") else None


def _id(request: SignedIn, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as wrong:
        raise BadRequest("No such row.") from wrong
