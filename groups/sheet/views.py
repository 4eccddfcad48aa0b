"""The evening sheet: a phone page where every tap is saved at once, with or without JavaScript."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_POST

from core.accounts.actors import SignedIn
from core.accounts.rights import reach
from core.drafts.coming_back import waiting_taps
from core.drafts.declaring import keeps_a_tap
from core.errors import NotYours, RuleBroken
from groups.beforehand.views import mark_of
from groups.models import Attendance, Meeting
from groups.permissions import RECORD_ATTENDANCE, SEE_MEETINGS, holds_here, require_here
from groups.sheet.attendance import (
    Conflict,
    Sheet,
    Tap,
    corrects,
    everyone_here,
    preview,
    record,
    undo,
)
from groups.sheet.early import asks_first, fill_in_early, require_open
from groups.sheet.forms import ActForm, TapForm
from groups.sheet.rows import evening_within
from groups.sheet.sheet import Evening, Row, evening_after, notice_behind, read_evening


def _meeting(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """A meeting within reach of a professional; a participant's own one is not theirs to record."""
    far = reach(request.user, SEE_MEETINGS)
    if not far:
        own = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
        require_here(request.user, RECORD_ATTENDANCE, own.group_id)
    found = evening_within(far, meeting_id)
    if found is None:
        raise Http404
    return found


def _evening(request: SignedIn, meeting: Meeting, conflicts: Sequence[Conflict] = ()) -> Evening:
    writable = holds_here(request.user, RECORD_ATTENDANCE, meeting.group_id)
    early = asks_first(request.session, meeting)
    return read_evening(
        meeting, request.user, writable=writable, asks_first=early, conflicts=conflicts
    )


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
    evening = _evening(request, _meeting(request, meeting_id))
    return _page(request, evening)


@keeps_a_tap("groups:meeting")
@require_POST
@said_on_the_sheet
def tap(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """Save one tap. A recorded row of an earlier day goes by way of the correction page; a sheet
    that stayed open until then leads to the page behind the name, where it begins."""
    row_of = _meeting(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, row_of.group_id)
    require_open(request.session, row_of)
    form = TapForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not a tap.")
    wish = _tap(form, trajectory_id)
    if corrects(meeting=row_of, tap=wish):
        _row(_evening(request, row_of), trajectory_id, behind=True)
        read = form.cleaned_data["confirm"]
        if not read and getattr(request, "htmx", False):
            return _go_to(reverse("groups:person", args=[meeting_id, trajectory_id]))
        if page := _asked_first(request, row_of, wish, read):
            return page
    sheet = _act(lambda: record(meeting=row_of, taps=[wish], by=request.user))
    return _answer(request, row_of, sheet, trajectory_id)


@require_POST
@said_on_the_sheet
def everyone(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    row_of = _meeting(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, row_of.group_id)
    require_open(request.session, row_of)
    sheet = _act(
        lambda: everyone_here(meeting=row_of, client_id=_client_id(request), by=request.user)
    )
    return _answer(request, row_of, sheet)


@require_POST
def early(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """*Yes, fill it in now already*."""
    row_of = _meeting(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, row_of.group_id)
    fill_in_early(request.session, row_of)
    return redirect("groups:meeting", meeting_id)


@require_POST
@said_on_the_sheet
def take_back(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    row_of = _meeting(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, row_of.group_id)
    sheet = _act(lambda: undo(meeting=row_of, client_id=_client_id(request), by=request.user))
    return _answer(request, row_of, sheet)


@require_GET
def person(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """Behind a name: the reason, what to do tonight, and the states to choose from directly."""
    row_of = _meeting(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, row_of.group_id)
    evening = _evening(request, row_of)
    row = _row(evening, trajectory_id, behind=True)
    return render(
        request,
        "groups/person.html",
        {
            "meeting": row_of,
            "row": row,
            "told": notice_behind(row_of, trajectory_id) if row.told else None,
            "can_record": evening.takes_taps,
            "states": [s for s in Attendance.State if s != row.state],
        },
    )


def _tap(form: TapForm, trajectory_id: UUID) -> Tap:
    wanted = form.cleaned_data
    return Tap(wanted["client_id"], trajectory_id, wanted["state"], wanted["version"])


def _client_id(request: HttpRequest) -> UUID:
    form = ActForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not an act.")
    client_id: UUID = form.cleaned_data["client_id"]
    return client_id


def _act(act: Callable[[], Sheet]) -> Sheet:
    """Run the action: somebody of another sheet is not found, an unknown state is a bad request."""
    try:
        sheet: Sheet = act()
    except RuleBroken as broken:
        if broken.code == "not_on_sheet":
            raise Http404 from broken
        if broken.code == "unknown_state":
            raise BadRequest(broken.message) from broken
        raise
    return sheet


def _asked_first(request: SignedIn, row_of: Meeting, wish: Tap, read: str) -> HttpResponse | None:
    """What the correction does; None when just that was read, or by now it does nothing beside."""
    found = preview(meeting=row_of, taps=[wish], by=request.user)
    mark = mark_of(found, str(row_of.pk), str(wish.trajectory_id), wish.state)
    if read and (not found or constant_time_compare(read, mark)):
        return None
    return render(
        request,
        "groups/correct_confirm.html",
        {
            "meeting": row_of,
            "row": _row(_evening(request, row_of), wish.trajectory_id),
            "wish": wish,
            "consequences": found,
            "mark": mark,
            "changed": bool(read),
        },
    )


def _row(evening: Evening, trajectory_id: UUID, *, behind: bool = False) -> Row:
    """Somebody of this sheet; what stands `behind` the name is hidden from who stays out."""
    row = evening.row(trajectory_id)
    if row is None or (behind and row.name_only):
        raise Http404
    return row


def _answer(
    request: SignedIn, row_of: Meeting, sheet: Sheet, trajectory_id: UUID | None = None
) -> HttpResponse:
    """The changed row (or the whole sheet) for htmx, else back to the page. Conflict: 409."""
    status = 409 if sheet.conflicts else 200
    row_of.status = sheet.status
    if getattr(request, "htmx", False):
        evening = evening_after(row_of, request.user, sheet, only=trajectory_id)
        template = "groups/meeting.html#evening"
        context: dict[str, Any] = {"evening": evening, "meeting": row_of, "fragment": True}
        if trajectory_id is not None:
            template = "groups/meeting.html#tapped"
            context["row"] = _row(evening, trajectory_id)
        return render(request, template, context, status=status)
    if sheet.conflicts:
        return _page(request, _evening(request, row_of, sheet.conflicts), status)
    anchor = f"#row-{trajectory_id}" if trajectory_id else ""
    return redirect(reverse("groups:meeting", args=[row_of.pk]) + anchor)


def _page(request: HttpRequest, evening: Evening, status: int = 200) -> HttpResponse:
    context = {
        "evening": evening,
        "meeting": evening.meeting,
        "reasons": Meeting.CancelReason.choices,
        "waiting_taps": waiting_taps(request),
    }
    return render(request, "groups/meeting.html", context, status=status)
