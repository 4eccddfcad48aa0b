"""The group's own page for its workers: who, last evenings, places, waiting, plan."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import ports
from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.list_filter import ListFilter, by_name
from core.pages import page_of
from groups.access import group_of
from groups.models import Attendance
from groups.permissions import DESCRIBE_DOOR, PLACE, SEE_MEETINGS, holds_here, reaches
from groups.seats.glance import look_at
from groups.seats.groups_in_reach import Planned, groups_in_reach
from participants.permissions import SEE_REGISTER
from participants.recusal.who_works_here import numbers_at


@require_GET
def groups(request: SignedIn) -> HttpResponse:
    """The groups within reach, one that has nothing planned first; one group opens at once."""
    if not may(request.user, SEE_MEETINGS):
        return redirect("home:today")
    found = groups_in_reach(request.user)
    if len(found) == 1:
        return redirect("groups:group", found[0].pk)
    asked = ListFilter(request.GET)
    rows = asked.named(found, lambda one: (one.name, one.location, one.town, one.organisation))
    words = {one.value: one.label for one in Planned}
    rows = asked.divided(rows, "plan", _("Meetings"), lambda one: one.planned, words)
    places = by_name((one.organisation, one.organisation) for one in rows)
    rows = asked.divided(
        rows, "van", _("Organisation"), lambda one: one.organisation, places, in_words=False
    )
    context = {"asked": asked, "page": page_of(request, rows), "nothing": Planned.NOTHING.label}
    return render(request, "groups/groups.html", context)


@require_GET
def group(request: SignedIn, group_id: UUID) -> HttpResponse:
    """Who this is and whom to ring, tonight, the people, and behind them what was."""
    found = group_of(request, group_id)
    leads = holds_here(request.user, PLACE, found.pk)
    (tries,) = ports.tries_now(found, request.user)
    glance = look_at(found, request.user, with_waiting=leads, tries=tries)
    workers = numbers_at(found.pk)
    context = {
        "group": found,
        "day": WEEKDAYS[found.weekday],
        "workers": workers,
        "no_number": not all(worker.phone for worker in workers),
        "glance": glance,
        "leads": leads,
        "tells_door": reaches(request.user, DESCRIBE_DOOR, found),
        "knows_referrers": may(request.user, SEE_REGISTER),
        "legend": [s for s in Attendance.State if s != Attendance.State.NOT_RECORDED],
    }
    return render(request, "groups/group.html", context)
