"""The last evening, agreed and dated beforehand (R-180), and what follows it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from groups.models import Attendance, LastMeeting, Meeting, Placement
from participants.journey import journey
from participants.models import Trajectory
from participants.stay.changes import StayFact, changed
from participants.stay.lock import lock

Phase = Trajectory.Phase


@transaction.atomic
def agree_last_meeting(*, trajectory: Trajectory, meeting: Meeting, by: User) -> Trajectory:
    """The last evening, agreed and dated beforehand; agreeing another one moves it.

    Tonight's can be agreed while it runs. Agreeing the same one again is no new agreement (C-42):
    it stays as old as it is. One that was cancelled in between is agreed anew.
    Raises RuleBroken: not_in_group, not_planned, other_group.
    """
    stay = lock(trajectory)
    if stay.phase not in Phase.IN_GROUP:
        raise RuleBroken(_("Only somebody who takes part can say goodbye."), "not_in_group")
    row = lock_copy(meeting)
    if row.status == Meeting.Status.CANCELLED or row.date < clock.evening_of(clock.now()):
        raise RuleBroken(_("Choose an evening that is planned."), "not_planned", "meeting")
    placement = Placement.objects.filter(trajectory=stay, last_day__isnull=True).first()
    if placement is None or placement.group_id != row.group_id or row.date < placement.first_day:
        raise RuleBroken(_("Choose an evening of the own group."), "other_group", "meeting")
    agreed = LastMeeting.objects.filter(trajectory=stay).first()
    if agreed is not None and agreed.meeting_id == row.pk and stay.phase == Phase.LEAVING:
        return stay
    LastMeeting.objects.update_or_create(
        trajectory=stay,
        defaults={"meeting": row, "agreed_at": clock.now(), "agreed_by": by},
    )
    return journey.begin_leaving(trajectory=stay, last_meeting_on=row.date, by=by)


def follow_last_meeting(trajectory_ids: Sequence[UUID], *, by: Actor = None) -> None:
    """Write `last_meeting_on` anew from the agreed meeting and from who came after it.

    Expects the stays to be locked. Tells the floors above when a date changed.
    """
    moved: list[UUID] = []
    stays: QuerySet[Trajectory] = Trajectory.objects.filter(
        pk__in=trajectory_ids, phase=Phase.LEAVING
    )
    rows = stays.select_related("last_meeting__meeting").annotate(
        came_on=Max(
            "attendance__meeting__date",
            filter=_came(),
        )
    )
    for stay in rows:
        agreement = getattr(stay, "last_meeting", None)
        agreed = agreement.meeting.date if agreement and agreement.meeting else None
        day: date | None = None
        if agreed is not None:
            day = max(agreed, stay.came_on) if stay.came_on else agreed
        if day != stay.last_meeting_on:
            stay.last_meeting_on = day
            stay.save(update_fields=["last_meeting_on"])
            moved.append(stay.pk)
    changed(moved, StayFact.LAST_MEETING)


def _came() -> Q:
    return Q(
        attendance__state=Attendance.State.PRESENT,
        attendance__meeting__status=Meeting.Status.HELD,
    )
