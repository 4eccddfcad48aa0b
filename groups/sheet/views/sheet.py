"""The evening sheet: a phone page where every tap is saved at once, with or without JavaScript."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_POST

from core.accounts.actors import SignedIn
from core.drafts.coming_back import waiting_taps
from core.drafts.declaring import keeps_a_tap
from core.errors import NotYours, RuleBroken
from core.ids import uuid7
from groups.beforehand.views import mark_of
from groups.models import Attendance, Meeting
from groups.sheet.attendance import Sheet, Tap, corrects, everyone_here, preview, record
from groups.sheet.early import fill_in_early
from groups.sheet.evening import Evening
from groups.sheet.forms import TapForm
from groups.sheet.sheet import evening_after, notice_behind
from groups.sheet.undo import undo
from groups.sheet.views.access import (
    act_id,
    done,
    evening_of,
    open_sheet,
    own_sheet,
    row_of,
    sheet_of,
)
from groups.sheet.views.correction import question


def said_on_the_sheet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What an act is refused for stands above the sheet as it is by now: a page of its own would
    be drawn inside the row that was tapped. Without htmx it is a page of its own."""

    @wraps(view)
    def acted(request: SignedIn, meeting_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, meeting_id, *args, **kwargs)
        except NotYours:
            raise
        except RuleBroken as broken:
            if not getattr(request, "htmx", False):
                raise
            messages.error(request, broken.message)
            return _go_to(reverse("groups:meeting", args=[meeting_id]))

    return acted


def _go_to(url: str) -> HttpResponse:
    """Answered to htmx: the browser goes to another page."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})


@require_GET
def meeting(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    evening = evening_of(request, sheet_of(request, meeting_id))
    return _page(request, evening)


@require_GET
def now(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """What other phones did since: nothing new is 204, and costs no drawing."""
    evening = evening_of(request, sheet_of(request, meeting_id))
    if constant_time_compare(request.GET.get("v", ""), evening.mark):
        return HttpResponse(status=204)
    context = {"evening": evening, "meeting": evening.meeting}
    return render(request, "groups/meeting.html#polled", context)


@keeps_a_tap("groups:meeting")
@require_POST
@said_on_the_sheet
def tap(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """Save one tap. A recorded row of an earlier day goes by way of the correction page; a sheet
    that stayed open until then leads to the page behind the name, where it begins."""
    here = open_sheet(request, meeting_id)
    form = TapForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not a tap.")
    wish = _tap(form, trajectory_id)
    if corrects(meeting=here, tap=wish):
        row_of(evening_of(request, here), trajectory_id, behind=True)
        read = form.cleaned_data["confirm"]
        if not read and getattr(request, "htmx", False):
            return _go_to(reverse("groups:person", args=[meeting_id, trajectory_id]))
        if page := _asked_first(request, here, wish, read):
            return page
    sheet = done(lambda: record(meeting=here, taps=[wish], by=request.user))
    return _answer(request, here, sheet, trajectory_id)


@require_POST
@said_on_the_sheet
def everyone(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    here = open_sheet(request, meeting_id)
    sheet = done(lambda: everyone_here(meeting=here, client_id=act_id(request), by=request.user))
    return _answer(request, here, sheet, pressed="everyone")


@require_POST
def early(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """*Yes, fill it in now already*."""
    fill_in_early(request.session, own_sheet(request, meeting_id))
    return redirect("groups:meeting", meeting_id)


@require_POST
@said_on_the_sheet
def take_back(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    here = own_sheet(request, meeting_id)
    sheet = done(lambda: undo(meeting=here, client_id=act_id(request), by=request.user))
    if not sheet.rows:
        here = own_sheet(request, meeting_id)  # what stands beside the rows may have changed
    return _answer(request, here, sheet, pressed="undo")


@require_GET
def person(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """Behind a name: the reason, what to do tonight, and the states to choose from directly."""
    here = own_sheet(request, meeting_id)
    evening = evening_of(request, here)
    row = row_of(evening, trajectory_id, behind=True)
    return render(
        request,
        "groups/person.html",
        {
            "meeting": here,
            "evening": evening,
            "row": row,
            "told": notice_behind(here, trajectory_id) if row.told else None,
            "can_record": evening.takes_taps and not (row.correction and evening.is_settled),
            "settled": row.correction and evening.is_settled,
            "can_leave": evening.is_live and row.state == Attendance.State.PRESENT,
            "act": uuid7(),
            "states": [s for s in Attendance.State if s != row.state],
        },
    )


def _tap(form: TapForm, trajectory_id: UUID) -> Tap:
    wanted = form.cleaned_data
    return Tap(wanted["client_id"], trajectory_id, wanted["state"], wanted["version"])


def _asked_first(request: SignedIn, here: Meeting, wish: Tap, read: str) -> HttpResponse | None:
    """What the correction does; None when just that was read, or by now it does nothing beside."""
    found = preview(meeting=here, taps=[wish], by=request.user)
    mark = mark_of(found, str(here.pk), str(wish.trajectory_id), wish.state)
    if read and (not found or constant_time_compare(read, mark)):
        return None
    row = row_of(evening_of(request, here), wish.trajectory_id)
    return question(request, here, row, wish, found, mark)


def _answer(
    request: SignedIn,
    here: Meeting,
    sheet: Sheet,
    trajectory_id: UUID | None = None,
    pressed: str = "",
) -> HttpResponse:
    """The changed row (or the whole sheet) for htmx, else back to the page. Conflict: 409.

    The button `pressed` may be gone from the answer: then what was saved takes the focus.
    """
    status = 409 if sheet.conflicts else 200
    here.status = sheet.status
    if getattr(request, "htmx", False):
        evening = evening_after(here, request.user, sheet, only=trajectory_id)
        template = "groups/meeting.html#evening"
        context: dict[str, Any] = {
            "evening": evening,
            "meeting": here,
            "fragment": True,
            "pressed": pressed,
        }
        if trajectory_id is not None:
            template = "groups/meeting.html#tapped"
            context["row"] = row_of(evening, trajectory_id)
        return render(request, template, context, status=status)
    if sheet.conflicts:
        return _page(request, evening_of(request, here, sheet.conflicts), status)
    anchor = f"#row-{trajectory_id}" if trajectory_id else ""
    return redirect(reverse("groups:meeting", args=[here.pk]) + anchor)


def _page(request: HttpRequest, evening: Evening, status: int = 200) -> HttpResponse:
    context = {
        "evening": evening,
        "meeting": evening.meeting,
        "reasons": Meeting.CancelReason.to_choose(),
        "waiting_taps": waiting_taps(request),
    }
    return render(request, "groups/meeting.html", context, status=status)
