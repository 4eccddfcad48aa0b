"""The backstop of the cycle: whatever call was lost, every stay comes to what its facts say.

Facts decide, calls only hurry (R-355). Each night every stay of which something was written down
in the last month is compared with its facts, and a seventh of all, so that each has its turn within
a week. What stands right is only read, without a lock; what does not is put right as by a rebuild.

The facts of the cycle are asked by their own days, and not from a list of what was told: a list
would forget the very call that was lost. Evenings keep no day of change (planned, moved, cancelled,
closed early), and a waiver none; so whoever has a seat, or had one in the last months, counts as
touched, and so do all stays of one person together.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from core import clock
from core.messaging.models import Contact
from core.sweep.steps import Turn
from groups.models import AttendanceTap, LastMeeting, Placement
from participants.models import Hold, Participant, PhaseChange, Trajectory
from questionnaires.cycle import cycle
from questionnaires.models import CycleState, Invitation, Response, Wave

Phase = Trajectory.Phase

#: How far back a night looks, at least: for what happened, and for evenings that may have changed.
A_MONTH, SEATS = timedelta(days=31), timedelta(days=122)
NIGHTS = 7


def rebuild(trajectory_ids: Collection[UUID] | None = None) -> int:
    """Bring every stay (or these) in line with its facts; the number of stays. Idempotent."""
    ids = _all() if trajectory_ids is None else trajectory_ids
    ids = sorted(ids)
    for start in range(0, len(ids), cycle.BATCH):
        cycle.put_right(ids[start : start + cycle.BATCH], clock.now())
    return len(ids)


# ---- Once a night --------------------------------------------------------------


def look_at_touched(turn: Turn) -> None:
    """What time makes due first: that is no lost call. Then whatever something happened to."""
    cycle.bring_up_to_date(turn, (), due=due_ids(cycle.moment_of(turn)))
    since = min(turn.day - A_MONTH, turn.since_day)
    turn.check(sorted(touched_since(since)), _right_at(turn), many=cycle.BATCH)


def look_at_all(turn: Turn) -> None:
    """The share of this night, and of each before it that did not come to its end."""
    first = min(max(turn.since_day + timedelta(days=1), turn.day - timedelta(days=6)), turn.day)
    nights = [first + timedelta(days=n) for n in range((turn.day - first).days + 1)]
    places = {night.toordinal() % NIGHTS: place for place, night in enumerate(nights)}

    def order(stay: UUID) -> tuple[int, UUID]:
        return (places.get(share(stay), -1), stay)

    theirs = sorted((stay for stay in _all() if share(stay) in places), key=order)
    turn.check(theirs, _right_at(turn), many=cycle.BATCH, order=order)


def _right_at(turn: Turn) -> Callable[[Sequence[UUID]], Collection[UUID]]:
    return partial(cycle.put_right, at=cycle.moment_of(turn))


def share(stay: UUID) -> int:
    """The night of the week on which this stay has its turn, whatever happened: for good."""
    return stay.int % NIGHTS


def _all() -> Sequence[UUID]:
    return list(Trajectory.objects.order_by("pk").values_list("pk", flat=True))


# ---- Which stays -----------------------------------------------------------------


def due_ids(moment: datetime) -> set[UUID]:
    """Stays for which time alone changes something, by the partial index on `next_due_at`."""
    return set(CycleState.objects.filter(next_due_at__lte=moment).values_list("pk", flat=True))


def tapped_since(moment: datetime) -> set[UUID]:
    """Stays of which attendance was written down since: a port may have forgotten them.

    Written down later than its day, an evening is held after all for everybody on its sheet.
    """
    taps = AttendanceTap.objects.filter(at__gte=moment).order_by()
    of = "attendance__meeting"
    found = set(taps.values_list("attendance__trajectory", of, f"{of}__date"))
    tapped = {stay for stay, _meeting, _day in found}
    today = clock.day_of(moment)
    late = {meeting for _stay, meeting, day in found if day < today}
    if not late:
        return tapped
    on_sheet = Placement.objects.filter(
        Q(last_day=None) | Q(last_day__gte=F("group__meetings__date")),
        group__meetings__in=late,
        first_day__lte=F("group__meetings__date"),
    )
    return tapped.union(on_sheet.values_list("trajectory", flat=True))


def touched_since(day: date) -> set[UUID]:
    """Every stay of which a fact of the cycle is from that day or later, in one statement.

    A yes may be complete since a day long past; so whoever has one and no first questionnaire, too.
    """
    moment = clock.at(day)
    stays, of_stay = "pk", "trajectory_id"
    holds = Q(days__startswith__gte=day) | Q(days__endswith__gte=day)
    seats = Q(last_day=None) | Q(last_day__gte=day - SEATS) | Q(placed_at__gte=moment)
    people = Participant.objects.filter(
        Q(erased_at__gte=moment)
        | Q(contact__in=Contact.objects.filter(stopped_at__gte=moment))
        | Q(pk__in=Trajectory.objects.filter(signed_up_at__gte=moment).values("participant"))
    )
    began = Invitation.objects.filter(trajectory=OuterRef("pk"), wave=Wave.BASELINE)
    earned = Trajectory.objects.filter(suitable=True, consent_complete_on__isnull=False)
    found = [
        Trajectory.objects.filter(_any_day_since(day)).values_list(stays),
        earned.exclude(phase__in=Phase.ENDED_EARLY).filter(~Exists(began)).values_list(stays),
        Trajectory.objects.filter(participant__in=people).values_list(stays),
        PhaseChange.objects.filter(at__gte=moment).values_list(of_stay),
        Placement.objects.filter(seats).values_list(of_stay),
        Hold.objects.filter(holds | Q(from_at__gte=moment) | Q(until_at__gte=moment)).values_list(
            of_stay
        ),
        AttendanceTap.objects.filter(at__gte=moment).values_list("attendance__trajectory_id"),
        LastMeeting.objects.filter(agreed_at__gte=moment).values_list(of_stay),
        Response.objects.filter(submitted_at__gte=moment).values_list(of_stay),
    ]
    first, *others = [rows.order_by() for rows in found]
    return {stay for (stay,) in first.union(*others)}


#: The days that a stay itself bears.
DAYS = (
    "screened_on",
    "consent_complete_on",
    "definitive_on",
    "last_meeting_on",
    "stopped_on",
    "exited_on",
    "ended_on",
)


def _any_day_since(day: date) -> Q:
    found = Q()
    for name in DAYS:
        found |= Q(**{f"{name}__gte": day})
    return found
