"""*I can't come* and *I can come after all*: told by the participant, a proposal on the sheet."""

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

    Raises RuleBroken: too_late, not_your_meeting.
    """
    _lock(meeting, trajectory)
    notice = AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory, taken_back_at__isnull=True
    ).first()
    if notice is None:
        notice = AbsenceNotice(meeting=meeting, trajectory=trajectory, told_at=at or clock.now())
    if why.strip() or notice._state.adding:
        notice.why = why.strip()
        notice.save()
    return notice


@transaction.atomic
def take_back(*, meeting: Meeting, trajectory: Trajectory) -> None:
    """*I can come after all*. Nothing happens when there was no notice.

    Raises RuleBroken: too_late, not_your_meeting.
    """
    _lock(meeting, trajectory)
    AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory, taken_back_at__isnull=True
    ).update(taken_back_at=clock.now())


def _lock(meeting: Meeting, trajectory: Trajectory) -> None:
    lock(trajectory)
    row = Meeting.objects.get(pk=meeting.pk)
    if row.status == Meeting.Status.CANCELLED or is_over(row, clock.now()):
        raise RuleBroken(_("This evening is over."), "too_late")
    if not on_sheet(row).filter(trajectory=trajectory).exists():
        raise RuleBroken(_("This is not an evening of your group."), "not_your_meeting")
    if is_recorded(row, trajectory):
        raise RuleBroken(_("Your youth workers have written it down already."), "too_late")


def notice_of(meeting: Meeting, trajectory: Trajectory) -> AbsenceNotice | None:
    """The notice in force of one person for one evening."""
    return AbsenceNotice.objects.filter(
        meeting=meeting, trajectory=trajectory, taken_back_at__isnull=True
    ).first()


def is_recorded(meeting: Meeting, trajectory: Trajectory) -> bool:
    """The youth workers have written down how it was; a notice changes nothing any more."""
    rows = Attendance.objects.filter(meeting=meeting, trajectory=trajectory)
    return rows.exclude(state=Attendance.State.NOT_RECORDED).exists()
