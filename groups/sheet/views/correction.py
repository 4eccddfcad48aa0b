"""A sheet of long ago: what was written down is changed by the coordinator, who reads first what
that does (R-131)."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.accounts.rights import reach
from core.ports import Consequence
from groups.beforehand.views import mark_of
from groups.models import Attendance, Meeting
from groups.permissions import CORRECT_ATTENDANCE
from groups.sheet.attendance import Tap, preview, record
from groups.sheet.evening import Row
from groups.sheet.forms import TapForm
from groups.sheet.rows import evening_within
from groups.sheet.views.access import done, evening_of, row_of, sheet_of


@require_http_methods(["GET", "POST"])
def correct(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """Choose what it should have been, read what that changes, then change it."""
    here = sheet_of(request, meeting_id)
    if evening_within(reach(request.user, CORRECT_ATTENDANCE), meeting_id) is None:
        raise PermissionDenied(_("Only the regional coordinator does this."))
    evening = evening_of(request, here)
    row = row_of(evening, trajectory_id, behind=True)
    if request.method == "POST":
        return _corrected(request, here, row)
    context = {
        "meeting": here,
        "row": row,
        "can_record": evening.may_correct and row.state != Attendance.State.NOT_RECORDED,
        "states": [s for s in Attendance.State if s != row.state],
    }
    return render(request, "groups/correct.html", context)


def _corrected(request: SignedIn, here: Meeting, row: Row) -> HttpResponse:
    form = TapForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Not a tap.")
    wish = Tap(
        form.cleaned_data["client_id"],
        row.trajectory_id,
        form.cleaned_data["state"],
        form.cleaned_data["version"],
    )
    found = preview(meeting=here, taps=[wish], by=request.user, as_coordinator=True)
    mark = mark_of(found, str(here.pk), str(wish.trajectory_id), wish.state)
    if not constant_time_compare(form.cleaned_data["confirm"], mark):
        return question(request, here, row, wish, found, mark, of="correct")
    sheet = done(lambda: record(meeting=here, taps=[wish], by=request.user, as_coordinator=True))
    if sheet.conflicts:
        messages.error(request, _("Somebody else changed this just now. Look once more."))
    return redirect(reverse("groups:meeting", args=[here.pk]) + f"#row-{row.trajectory_id}")


def question(
    request: SignedIn,
    here: Meeting,
    row: Row,
    wish: Tap,
    found: Sequence[Consequence],
    mark: str,
    of: str = "tap",
) -> HttpResponse:
    """The page that says what a correction does; `of`: the address that then makes it."""
    back = "correct" if of == "correct" else "person"
    context = {
        "meeting": here,
        "row": row,
        "wish": wish,
        "consequences": found,
        "mark": mark,
        "changed": bool(request.POST.get("confirm")),
        "to": reverse(f"groups:{of}", args=[here.pk, row.trajectory_id]),
        "back": reverse(f"groups:{back}", args=[here.pk, row.trajectory_id]),
    }
    return render(request, "groups/correct_confirm.html", context)
