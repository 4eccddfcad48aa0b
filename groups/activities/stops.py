"""Where the group is during a meeting, and how many they are: for a latecomer, the help card, the
sheet and the logbook (`ActivityStop`).

A stop may be said beforehand (*19:15 off to the bowling*). Two workers tap at once, a phone sends
twice: nothing is there twice. Counting is one tap when everybody who is here is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from core.sent_twice import done_before
from groups.evenings.over import is_closed
from groups.models import ActivityStop, Attendance, Meeting

#: Two taps on one thing by two workers, or a page that was left open.
SAME = timedelta(minutes=10)
MOST_PEOPLE = 99
#: A stop lies so close around the meeting.
EARLY = LATE = timedelta(hours=2)


@dataclass(frozen=True)
class Whereabouts:
    """`stops` in the order of time; `last`: the last that has come, a count belongs to it; `away`:
    the same while the group is not at the usual place; `next`: said beforehand, still to come."""

    stops: list[ActivityStop]
    last: ActivityStop | None
    away: ActivityStop | None
    next: ActivityStop | None


def whereabouts(stops: list[ActivityStop], now: datetime) -> Whereabouts:
    """Pure: of the stops of one meeting, in the order of time."""
    come = [stop for stop in stops if stop.at <= now]
    last = come[-1] if come else None
    to_come = [stop for stop in stops if stop.at > now]
    away = last if last is not None and not last.is_back else None
    return Whereabouts(stops, last, away, to_come[0] if to_come else None)


def where_now(meeting: Meeting) -> Whereabouts:
    """One query."""
    stops = ActivityStop.objects.filter(meeting=meeting).select_related("counted_by")
    return whereabouts(list(stops.order_by("at", "pk")), clock.now())


@transaction.atomic
def go_on(
    *,
    meeting: Meeting,
    what: str,
    by: User,
    place: str = "",
    at: datetime | None = None,
    client_id: UUID | None = None,
) -> ActivityStop:
    """Off to somewhere, now or at a moment said beforehand.

    Raises RuleBroken: meeting_cancelled, closed, no_words, not_that_day, client_id_used.
    """
    row = _lock(meeting)
    what, place = " ".join(what.split()), " ".join(place.split())
    if not what:
        raise RuleBroken(_("Say where you are going."), "no_words", "what")
    moment = at or clock.now()
    if not row.starts_at - EARLY <= moment <= row.ends_at + LATE:
        raise RuleBroken(_("Choose a time around the meeting."), "not_that_day", "at")
    return _once(row, client_id, moment, by, what=what, place=place, is_back=False)


@transaction.atomic
def come_back(*, meeting: Meeting, by: User, client_id: UUID | None = None) -> ActivityStop | None:
    """Back at the usual place, now. Nobody was away: nothing happens.

    Raises RuleBroken: meeting_cancelled, closed, client_id_used.
    """
    row = _lock(meeting)
    if where_now(row).away is None:
        return None
    return _once(row, client_id, clock.now(), by, what="", place="", is_back=True)


@transaction.atomic
def count_heads(*, meeting: Meeting, stop_id: UUID, counted: int, by: User) -> ActivityStop:
    """So many are here, at this stop; counted again, the last count stands with its moment.

    Raises RuleBroken: meeting_cancelled, closed, no_such_stop, unlikely_count.
    """
    row = _lock(meeting)
    if not 0 <= counted <= MOST_PEOPLE:
        raise RuleBroken(_("Count once more: a number up to 99."), "unlikely_count", "counted")
    stop = _stop(row, stop_id)
    stop.counted, stop.counted_at, stop.counted_by = counted, clock.now(), by
    stop.save(update_fields=["counted", "counted_at", "counted_by"])
    return stop


@transaction.atomic
def take_back_stop(*, meeting: Meeting, stop_id: UUID, by: User) -> None:
    """A slip of the thumb. Taken back already: nothing happens.

    Raises RuleBroken: meeting_cancelled, closed.
    """
    row = _lock(meeting)
    ActivityStop.objects.filter(meeting=row, pk=stop_id).delete()


def expected(meeting: Meeting) -> int:
    """How many were written down as here and did not go home early, guests included."""
    here = Attendance.objects.filter(
        meeting=meeting, state=Attendance.State.PRESENT, left_at__isnull=True
    )
    guests = Meeting.objects.filter(pk=meeting.pk).aggregate(n=Sum("guests"))["n"] or 0
    return here.count() + guests


def _once(
    meeting: Meeting, client_id: UUID | None, at: datetime, by: User, **said: object
) -> ActivityStop:
    if client_id is not None:
        sent = ActivityStop.objects.filter(client_id=client_id).first()
        if resent := done_before(sent, meeting_id=meeting.pk):
            return resent
    last = ActivityStop.objects.filter(meeting=meeting, at__lte=at).order_by("at", "pk").last()
    if last is not None and at - last.at <= SAME and _says(last, said):
        return last
    return ActivityStop.objects.create(
        meeting=meeting, at=at, said_by=by, client_id=client_id, **said
    )


def _says(stop: ActivityStop, said: dict[str, object]) -> bool:
    return all(getattr(stop, name) == value for name, value in said.items())


def _stop(meeting: Meeting, stop_id: UUID) -> ActivityStop:
    stop = ActivityStop.objects.filter(meeting=meeting, pk=stop_id).first()
    if stop is None:
        raise RuleBroken(_("This was taken back just now."), "no_such_stop")
    return stop


def _lock(meeting: Meeting) -> Meeting:
    row = lock_copy(meeting)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This meeting does not go ahead."), "meeting_cancelled")
    if is_closed(row.date, clock.now()):
        raise RuleBroken(_("This meeting is over."), "closed")
    return row
