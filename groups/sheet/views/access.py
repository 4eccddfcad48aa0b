"""Which sheet a page is about, and whose row of it: 404 when out of sight, 403 when not theirs."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from core.accounts.actors import SignedIn
from core.accounts.rights import reach
from core.errors import RuleBroken
from groups.models import Meeting
from groups.permissions import (
    CORRECT_ATTENDANCE,
    RECORD_ATTENDANCE,
    SEE_MEETINGS,
    holds_here,
    require_here,
)
from groups.sheet.attendance import Conflict, Sheet
from groups.sheet.early import asks_first, require_open
from groups.sheet.evening import Evening, Row
from groups.sheet.forms import ActForm
from groups.sheet.rows import evening_within
from groups.sheet.sheet import read_evening


def sheet_of(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """A meeting within reach of a professional; a participant's own one is not theirs to record."""
    far = reach(request.user, SEE_MEETINGS)
    if not far:
        own = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
        require_here(request.user, RECORD_ATTENDANCE, own.group_id)
    found = evening_within(far, meeting_id)
    if found is None:
        raise Http404
    return found


def own_sheet(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """As `sheet_of`, of a group in which this worker writes down who is there."""
    found = sheet_of(request, meeting_id)
    require_here(request.user, RECORD_ATTENDANCE, found.group_id)
    return found


def open_sheet(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """As `own_sheet`, to write on: too early it is asked first (RuleBroken: not_open_yet)."""
    found = own_sheet(request, meeting_id)
    require_open(request.session, found)
    return found


def evening_of(request: SignedIn, meeting: Meeting, conflicts: Sequence[Conflict] = ()) -> Evening:
    """The sheet as this professional sees it."""
    writable = holds_here(request.user, RECORD_ATTENDANCE, meeting.group_id)
    return read_evening(
        meeting,
        request.user,
        writable=writable,
        asks_first=asks_first(request.session, meeting),
        may_correct=bool(reach(request.user, CORRECT_ATTENDANCE)) and not writable,
        conflicts=conflicts,
    )


def row_of(evening: Evening, trajectory_id: UUID, *, behind: bool = False) -> Row:
    """Somebody of this sheet; what stands `behind` the name is hidden from who stays out."""
    row = evening.row(trajectory_id)
    if row is None or (behind and row.name_only):
        raise Http404
    return row


def act_id(request: HttpRequest) -> UUID:
    """The id that the client gave this act; without one it is a bad request."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not an act.")
    client_id: UUID = form.cleaned_data["client_id"]
    return client_id


def done(act: Callable[[], Sheet]) -> Sheet:
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
