"""What the worker's start page says of tonight's meeting, and of the group at a glance.

The facts below are read in the same statement as those of what waits (core.facts).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from challenges.glance.going import GOING, tried
from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.facts import Facts, ask, nested
from core.names import in_order
from core.organisations.models import Group
from core.ports import Tries
from groups.evenings.first_evening import waiting_for
from groups.models import AbsenceNotice, Attendance, Meeting, Placement, last_talk_on
from groups.models.moments import is_today, sheet_opens_at
from groups.permissions import RECORD_ATTENDANCE
from groups.seats.glance import STRIP, note, repeatedly_missed, with_contact
from groups.seats.last_talk import Spoken, spoken
from participants.models import Recusal
from questionnaires.cycle.earned import MEETINGS_PER_INTERIM
from questionnaires.models import CycleState, Invitation, Wave

ANSWERED_LATELY = timedelta(days=14)
#: So long after a meeting its logbook stands on the start page.
STILL_ADDED_TO = timedelta(days=7)


# ---- What is read --------------------------------------------------------------------------


@dataclass(frozen=True)
class Led:
    """A group this worker leads."""

    id: UUID
    name: str
    place: str
    places_taken: int
    capacity: int


@dataclass(frozen=True)
class Coming:
    """The running or coming meeting of a group: who told us, and who is met at the door."""

    id: UUID
    group: UUID
    date: date
    starts_at: datetime
    activity: str
    activity_by: str
    told: tuple[UUID, ...]
    at_the_door: tuple[UUID, ...]


@dataclass(frozen=True)
class Written:
    stay: UUID
    state: str


@dataclass(frozen=True)
class Held:
    """One of the last held meetings of a group, and what was written down."""

    id: UUID
    group: UUID
    date: date
    written: tuple[Written, ...]


@dataclass(frozen=True)
class Asked:
    """A wave that stands."""

    state: str
    wave: str
    answered_on: date | None


@dataclass(frozen=True)
class Seat:
    """A placement of today, with what stands beside the name. `newest`: the newest wave."""

    id: UUID
    group: UUID
    stay: UUID
    name: str
    first_day: date
    trial: bool
    phase: str
    blocked_reason: str
    worried: bool
    agreed: bool
    kept_out: bool
    talked_on: date | None
    counted: int | None
    newest: tuple[Asked, ...]


def _groups(user: Viewer) -> QuerySet[Group]:
    return Group.objects.filter(reach(user, RECORD_ATTENDANCE).as_q())


def _coming(user: Viewer) -> QuerySet[Any]:
    ahead = (
        Meeting.objects.upcoming(clock.now())
        .filter(reach(user, RECORD_ATTENDANCE).as_q("group__"))
        .order_by()
        .annotate(turn=_turn(F("starts_at").asc()))
    )
    told = AbsenceNotice.objects.filter(meeting=OuterRef("pk"), taken_back_at__isnull=True)
    at_the_door = waiting_for(user).filter(meeting=OuterRef("pk"))
    return ahead.filter(turn=1).annotate(
        told_us=ArraySubquery(told.values("trajectory_id")),
        wait=ArraySubquery(at_the_door.values("trajectory_id")),
    )


@dataclass(frozen=True)
class Off:
    """A meeting of a day that has not passed which does not go ahead."""

    id: UUID
    group: UUID
    starts_at: datetime


def _off(user: Viewer) -> QuerySet[Any]:
    """Those of this week: what is further away stands in the agenda."""
    soon = clock.today() + timedelta(days=7)
    return Meeting.objects.filter(
        reach(user, RECORD_ATTENDANCE).as_q("group__"),
        status=Meeting.Status.CANCELLED,
        date__gte=clock.today(),
        date__lte=soon,
    ).exclude(cancel_reason=Meeting.CancelReason.TAKEN_BACK)


def _held(user: Viewer) -> QuerySet[Any]:
    far = reach(user, RECORD_ATTENDANCE).as_q("group__")
    """Tonight's comes among them when it is over: what was missed is counted then (C-44)."""
    held = Meeting.objects.over(clock.now()).filter(far)
    return held.annotate(turn=_turn(F("date").desc())).filter(turn__lte=STRIP)


def _turn(order: Any) -> Window:
    return Window(RowNumber(), partition_by=F("group"), order_by=order)


def _seats(user: Viewer) -> Any:
    far = reach(user, RECORD_ATTENDANCE).as_q("group__")
    out = Recusal.objects.in_force().filter(
        worker=user.pk, participant=OuterRef("trajectory__participant")
    )
    seats = with_contact(Placement.objects.on(clock.today())).filter(far)
    return seats.annotate(kept_out=Exists(out))


_NEWEST = (
    Invitation.objects.standing()
    .filter(trajectory=OuterRef("trajectory"))
    .order_by("-earned_on", "-id")[:1]
)
_ATTENDED = CycleState.objects.filter(trajectory=OuterRef("trajectory"))
GROUPS = Facts(Led, _groups, {"place": "location__name"})
COMING = Facts(Coming, _coming, {"group": "group_id", "told": "told_us", "at_the_door": "wait"})
OFF = Facts(Off, _off, {"group": "group_id"})
HELD = Facts(
    Held,
    _held,
    {
        "group": "group_id",
        "written": nested(
            Attendance.objects.filter(meeting=OuterRef("pk")), Written, stay="trajectory_id"
        ),
    },
)
SEATS = Facts(
    Seat,
    _seats,
    {
        "group": "group_id",
        "stay": "trajectory_id",
        "name": "trajectory__shown_name",
        "phase": "trajectory__phase",
        "blocked_reason": "trajectory__blocked_reason",
        "talked_on": last_talk_on(),
        "counted": Subquery(_ATTENDED.values("attended")[:1]),
        "newest": nested(_NEWEST, Asked),
    },
)
CARDS = (GROUPS, COMING, OFF, HELD, SEATS, GOING)


# ---- What is shown -------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonRow:
    """One participant at a glance. `strip`: a state for each of the last held meetings of the
    group, oldest first, so that every row ends at the same one; "" where somebody had no row."""

    trajectory_id: UUID
    name: str
    note: str  # "", "trial", "paused", "blocked", "leaving"
    strip: list[str]
    questionnaire: str  # answered | open | count
    counted: int
    missed: int = 0
    worried: bool = False
    agreed: bool = False
    name_only: bool = False  # this worker stays out of the person's stay
    spoken: Spoken | None = None
    tries: Tries | None = None


@dataclass(frozen=True)
class GroupCard:
    """`is_tonight`: others may look along, so nothing personal stands on the way to its sheet
    (R-379)."""

    group: Led
    next_meeting: Coming | None
    is_today: bool
    is_tonight: bool = False
    is_running: bool = False
    days: list[date] = field(default_factory=list)
    rows: list[PersonRow] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    newcomers: list[str] = field(default_factory=list)
    at_the_door: list[str] = field(default_factory=list)
    off: list[Off] = field(default_factory=list)
    last: Held | None = None  # its logbook can be added to

    @property
    def expected(self) -> int:
        return len(self.rows) - len(self.told)


def group_cards(user: Viewer) -> list[GroupCard]:
    """The cards of every group this user leads, read alone."""
    return cards_of(ask(user, CARDS), clock.now())


def cards_of(found: Mapping[Facts[Any], list[Any]], now: datetime) -> list[GroupCard]:
    """By the facts that were found, the next meeting first. Pure."""
    coming: dict[UUID, Coming] = {row.group: row for row in found[COMING]}
    held = _by_group(sorted(found[HELD], key=lambda row: row.date))
    seats = _by_group(sorted(found[SEATS], key=lambda row: (in_order(row.name), row.id)))
    tries = tried(found[GOING])
    off = _by_group(sorted(found[OFF], key=lambda row: row.starts_at))
    cards = [
        replace(
            _card(group, coming.get(group.id), held[group.id], seats[group.id], tries, now),
            off=off[group.id],
        )
        for group in found[GROUPS]
    ]
    return sorted(cards, key=lambda card: (*_when(card.next_meeting), in_order(card.group.name)))


def _by_group(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.group].append(row)
    return found


def _when(meeting: Coming | None) -> tuple[bool, float]:
    return (meeting is None, meeting.starts_at.timestamp() if meeting else 0)


def _card(
    group: Led,
    meeting: Coming | None,
    held: list[Held],
    seats: list[Seat],
    tries: Mapping[UUID, Tries],
    now: datetime,
) -> GroupCard:
    today = clock.day_of(now)
    written = [{one.stay: one.state for one in evening.written} for evening in held]
    rows = [
        _row(seat, [states.get(seat.stay, "") for states in written], tries.get(seat.stay), today)
        for seat in seats
    ]
    told = set(meeting.told) if meeting else set()
    met = set(meeting.at_the_door) if meeting else set()
    return GroupCard(
        group=group,
        next_meeting=meeting,
        is_today=meeting is not None and is_today(meeting.date, meeting.starts_at, now),
        is_tonight=meeting is not None and sheet_opens_at(meeting.starts_at) <= now,
        is_running=meeting is not None and meeting.starts_at <= now,
        days=[evening.date for evening in held],
        rows=rows,
        told=[row.name for row in rows if row.trajectory_id in told],
        newcomers=[row.name for row in rows if row.note == "trial"],
        at_the_door=[row.name for row in rows if row.trajectory_id in met],
        last=held[-1] if held and today - held[-1].date <= STILL_ADDED_TO else None,
    )


def _row(seat: Seat, strip: list[str], tries: Tries | None, today: date) -> PersonRow:
    return PersonRow(
        trajectory_id=seat.stay,
        name=seat.name,
        note=note(seat.blocked_reason, seat.phase, trial=seat.trial),
        strip=strip,
        questionnaire=_questionnaire(seat.newest, today),
        counted=(seat.counted or 0) % MEETINGS_PER_INTERIM,
        missed=repeatedly_missed(strip),
        worried=seat.worried,
        agreed=seat.agreed,
        name_only=seat.kept_out,
        spoken=None if seat.kept_out else spoken(seat.talked_on, seat.first_day, today),
        tries=None if seat.kept_out else tries,
    )


def _questionnaire(newest: tuple[Asked, ...], today: date) -> str:
    """What the chip says: the newest wave is open, or just answered, or count on to the next."""
    for wave in newest:
        if wave.state == Invitation.State.OPEN:
            return "open"
        answered = wave.state == Invitation.State.ANSWERED and wave.wave != Wave.FOLLOW_UP
        if answered and wave.answered_on and today - wave.answered_on <= ANSWERED_LATELY:
            return "answered"
    return "count"
