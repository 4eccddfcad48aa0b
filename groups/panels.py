"""The group's piece of a participant's file and time line."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ports import Panel, TimeLineEntry
from groups.models import Attendance, AttendanceTap, LastMeeting, Meeting, Placement
from groups.permissions import PLACE
from participants.models import Trajectory

STRIP = 12


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
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


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answers the port: places, the agreed last evening, and corrections of an evening."""
    found = []
    placements = Placement.objects.filter(trajectory=trajectory).select_related(
        "group", "placed_by"
    )
    for placement in placements:
        text = (
            _("Came to get to know {group}") if placement.trial else _("Takes part in {group}")
        ).format(group=placement.group)
        found.append(
            TimeLineEntry(
                at=placement.first_day,
                text=text,
                kind="placement",
                who=placement.placed_by.first_name,
                why=placement.override_reason,
            )
        )
    agreed = LastMeeting.objects.filter(trajectory=trajectory, meeting__isnull=False)
    found += [
        TimeLineEntry(
            at=row.meeting.date,
            text=_("Last evening"),
            kind="last_meeting",
            who=row.agreed_by.first_name,
        )
        for row in agreed.select_related("meeting", "agreed_by")
        if row.meeting is not None
    ]
    return found + _corrections(trajectory)


def _corrections(trajectory: Trajectory) -> list[TimeLineEntry]:
    """What was changed about an evening after its day: from what to what, and by whom."""
    taps = AttendanceTap.objects.filter(
        attendance__trajectory=trajectory, correction=True, undone=False
    ).select_related("attendance__meeting", "by")
    return [
        TimeLineEntry(
            at=clock.day_of(tap.at),
            text=_("Corrected, evening of {day}: “{before}” became “{after}”").format(
                day=date_format(tap.attendance.meeting.date, "j F"),
                before=_state(tap.from_state),
                after=_state(tap.to_state),
            ),
            kind="correction",
            who=tap.by.first_name,
            correction=True,
            moment=tap.at,
        )
        for tap in taps
    ]


def _state(value: str) -> str:
    return str(Attendance.State(value).label) if value in Attendance.State.values else value
