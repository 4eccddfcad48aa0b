"""The group's piece of a participant's file and time line."""

from typing import Any

from django.utils.translation import gettext as _

from core.accounts.rights import reach
from core.ports import Panel, TimeLineEntry
from groups.models import Attendance, LastMeeting, Meeting, Placement
from groups.permissions import PLACE

STRIP = 12


def file_panels(trajectory: Any, user: Any) -> list[Panel]:
    """Answers the port: the place, the last evenings, and what can be done about them."""
    rows = list(
        Attendance.objects.visible_to(user)
        .filter(trajectory=trajectory, meeting__status=Meeting.Status.HELD)
        .select_related("meeting")
        .order_by("-meeting__date")[:STRIP]
    )
    placements = list(
        Placement.objects.visible_to(user)
        .filter(trajectory=trajectory)
        .select_related("group")
        .order_by("first_day")
    )
    current = next((p for p in placements if p.last_day is None), None)
    if not placements:
        return []
    context = {
        "stay": trajectory,
        "current": current,
        "earlier": [p for p in placements if p.last_day is not None],
        "strip": [row.state for row in reversed(rows)],
        "came": sum(row.state == Attendance.State.PRESENT for row in rows),
        "evenings": len(rows),
        "last": rows[0].meeting if rows else None,
        "leads": trajectory.group_id in reach(user, PLACE).groups,
    }
    return [Panel(template="groups/panel.html", context=context, order=20)]


def time_line(trajectory: Any) -> list[TimeLineEntry]:
    """Answers the port: places and the agreed last evening."""
    found = []
    for placement in Placement.objects.filter(trajectory=trajectory).select_related("group"):
        text = (
            _("Came to get to know {group}") if placement.trial else _("Takes part in {group}")
        ).format(group=placement.group)
        found.append(TimeLineEntry(at=placement.first_day, text=text, kind="placement"))
    agreed = LastMeeting.objects.filter(trajectory=trajectory, meeting__isnull=False)
    found += [
        TimeLineEntry(at=row.meeting.date, text=_("Last evening"), kind="last_meeting")
        for row in agreed.select_related("meeting")
        if row.meeting is not None
    ]
    return found
