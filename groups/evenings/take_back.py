"""Taking back what was changed about meetings, the same day: a second message to exactly those who
heard the first one (R-376). Whoever had not heard it yet hears nothing.

The day ends at four in the night, as that of a sheet does.
"""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from groups.evenings.changes import rises
from groups.evenings.door_waits import follow_first_meeting
from groups.evenings.last_meeting import follow_last_meeting
from groups.evenings.lock import lock_evenings, told_of
from groups.evenings.meetings import move_to
from groups.evenings.told import tell
from groups.evenings.who_hears import LENGTH
from groups.models import LastMeeting, Meeting, MeetingChange
from participants.models import Trajectory
from participants.stay.changes import StayFact, changed, told_once

Kind, Status = MeetingChange.Kind, Meeting.Status


def why_it_stays(change: MeetingChange, meeting: Meeting) -> str:
    """Why this change cannot be taken back, as a code; empty when it can. Asks one query."""
    if change.taken_back_at is not None:
        return "taken_back"
    now = clock.now()
    if clock.evening_of(change.at) != clock.evening_of(now):
        return "another_day"
    if meeting.status == Status.HELD:
        return "already_recorded"
    newer = MeetingChange.objects.standing().filter(meeting=meeting, at__gte=change.at)
    if newer.exclude(pk=change.pk).filter(pk__gt=change.pk).exists():
        return "changed_since"
    if change.kind != Kind.PLANNED and change.was and change.was + LENGTH <= now:
        return "is_over"
    return ""


WORDS: dict[str, Promise] = {
    "another_day": gettext_lazy("That was possible on the day itself. You can still change it."),
    "already_recorded": gettext_lazy(
        "Somebody has been written down as here. Take that back first."
    ),
    "changed_since": gettext_lazy("It was changed again since. Look how it stands now."),
    "is_over": gettext_lazy("That meeting would be over by now."),
}


@transaction.atomic
@told_once()
def take_back(*, change: MeetingChange, by: User) -> list[Meeting]:
    """The whole act that this change is part of; of a plan what still stands as it was planned.

    Taking back twice changes nothing. Raises RuleBroken: another_day, already_recorded,
    changed_since, is_over, meeting_that_day.
    """
    of_act = MeetingChange.objects.filter(act=change.act).select_related("meeting")
    rows = list(of_act.order_by("meeting"))
    days = [clock.day_of(at) for row in rows for at in (row.was, row.now) if at is not None]
    goodbyes = [stay for row in rows for stay in row.goodbyes]
    locked = lock_evenings([row.meeting for row in rows], days, goodbyes)
    meetings = {meeting.pk: meeting for meeting in locked}
    rows = list(MeetingChange.objects.filter(act=change.act).order_by("meeting"))
    reasons = {row.pk: why_it_stays(row, meetings[row.meeting_id]) for row in rows}
    to_do = [row for row in rows if not reasons[row.pk]]
    if not to_do:
        refused = [reason for reason in reasons.values() if reason != "taken_back"]
        if refused:
            raise RuleBroken(str(WORDS[refused[0]]), refused[0])
        return []
    back = [_back(row, meetings[row.meeting_id], by) for row in to_do]
    follow_first_meeting(back[0].meeting.group_id)
    concerned = {stay for row in to_do for stay in told_of(meetings[row.meeting_id], days)}
    changed(sorted(concerned), StayFact.EVENING)
    tell(group=back[0].meeting.group, changes=back)
    return [meetings[row.meeting_id] for row in to_do]


def _back(change: MeetingChange, meeting: Meeting, by: User) -> MeetingChange:
    """One of them; what is told of it, as a change the other way round that is not kept."""
    agreed = LastMeeting.objects.filter(meeting=meeting)
    leaving = {*agreed.values_list("trajectory", flat=True), *change.goodbyes}
    if change.kind == Kind.PLANNED:
        meeting.status = Status.CANCELLED
        meeting.cancel_reason = change.reason_before or Meeting.CancelReason.TAKEN_BACK
        meeting.save(update_fields=["status", "cancel_reason", *rises(meeting)])
        change.goodbyes = sorted(agreed.values_list("trajectory", flat=True))
        agreed.update(meeting=None)
    else:
        meeting.status, meeting.cancel_reason = Status.PLANNED, ""
        move_to(meeting, change.was or meeting.starts_at)
    if change.kind == Kind.CANCELLED:
        _say_goodbye_again(change, meeting)
    follow_last_meeting(sorted(leaving), by=by)
    change.taken_back_at, change.taken_back_by = clock.now(), by
    change.save(update_fields=["taken_back_at", "taken_back_by", "goodbyes"])
    return MeetingChange(meeting=meeting, act=change.act, was=change.now, now=change.was)


def _say_goodbye_again(change: MeetingChange, meeting: Meeting) -> None:
    """Whoever agreed nothing else meanwhile says goodbye that evening, as was agreed."""
    LastMeeting.objects.filter(
        trajectory__in=change.goodbyes,
        trajectory__phase=Trajectory.Phase.LEAVING,
        meeting__isnull=True,
    ).update(meeting=meeting)
