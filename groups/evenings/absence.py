"""*I can't come* and *I can come after all*: told by the participant, a proposal on the sheet.

A notice is of a day (`groups.evenings.day_of_absence`): on another day it lapses, and the page asks
again (`lapsed_of`).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from groups.evenings.meetings import on_sheet
from groups.models import AbsenceNotice, Attendance, Meeting
from groups.models.moments import is_over
from participants.models import Trajectory
from participants.stay.lock import lock


@transaction.atomic
def tell(
    *, meeting: Meeting, trajectory: Trajectory, why: str = "", at: datetime | None = None
) -> AbsenceNotice:
    """Tell beforehand; saying it again only adds the reason, which is never asked for. `at`: when
    a worker heard it on the telephone.

    Raises RuleBroken: meeting_cancelled, too_late, not_your_meeting.
    """
    row = _lock(meeting, trajectory)
    notice = AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory, taken_back_at__isnull=True
    ).first()
    if notice is None:
        _answered(meeting, trajectory)
        notice = AbsenceNotice(meeting=meeting, trajectory=trajectory, told_at=at or clock.now())
        notice.for_day = row.date
    if why.strip() or notice._state.adding:
        notice.why = why.strip()
        notice.save()
    return notice


@transaction.atomic
def take_back(*, meeting: Meeting, trajectory: Trajectory) -> None:
    """*I can come after all*. Nothing happens when there was no notice.

    Raises RuleBroken: meeting_cancelled, too_late, not_your_meeting.
    """
    _lock(meeting, trajectory)
    _answered(meeting, trajectory)
    AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory, taken_back_at__isnull=True
    ).update(taken_back_at=clock.now())


def _answered(meeting: Meeting, trajectory: Trajectory) -> None:
    """What lapsed when the meeting was moved is no question any more."""
    AbsenceNotice.objects.filter(meeting=meeting, trajectory=trajectory, lapsed=True).update(
        lapsed=False
    )


def _lock(meeting: Meeting, trajectory: Trajectory) -> Meeting:
    lock(trajectory)
    row = Meeting.objects.get(pk=meeting.pk)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This meeting does not go ahead."), "meeting_cancelled")
    if is_over(row, clock.now()):
        raise RuleBroken(_("This meeting is over."), "too_late")
    if not on_sheet(row).filter(trajectory=trajectory).exists():
        raise RuleBroken(_("This is not a meeting of your group."), "not_your_meeting")
    if is_recorded(row, trajectory):
        raise RuleBroken(_("Your youth workers have written it down already."), "too_late")
    return row


def notice_of(meeting: Meeting, trajectory: Trajectory) -> AbsenceNotice | None:
    """The notice in force of one person for one evening."""
    return AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory, taken_back_at__isnull=True
    ).first()


def lapsed_of(meeting: Meeting, trajectory: Trajectory) -> AbsenceNotice | None:
    """What this person said of another day, before the meeting was moved, and not since."""
    rows = AbsenceNotice.objects.filter(meeting=meeting, trajectory=trajectory, lapsed=True)
    return rows.order_by("told_at").last()


def is_recorded(meeting: Meeting, trajectory: Trajectory) -> bool:
    """The youth workers have written down how it was; a notice changes nothing any more."""
    rows = Attendance.objects.filter(meeting=meeting, trajectory=trajectory)
    return rows.exclude(state=Attendance.State.NOT_RECORDED).exists()
