"""The group at a glance: who has a place, their last evenings, who waits. Counts stay fixed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from core import clock
from core.accounts.actors import Viewer
from core.organisations.models import Group
from core.ports import Tries
from core.ready_made import ReadyMade, as_tuple
from groups.models import Attendance, Meeting, Placement, last_talk_on
from groups.models.moments import is_over, is_running, is_today, is_tonight
from groups.seats.last_talk import Spoken, spoken
from groups.seats.role_models import Example, along, examples
from participants.models import (
    ContactAttempt,
    Intake,
    Recusal,
    Trajectory,
    Worry,
)
from participants.person.shown_name import by_call_name

STRIP = 6
REPEATED = 2
LOOKS_BACK = timedelta(days=366)


@dataclass(frozen=True)
class Person:
    """A line of the group's table. `cells`: one state for each of the last held evenings of the
    group, oldest first; empty where somebody was not here yet, so that every line ends at the same
    evening.

    `missed`: evenings of the strip without a word, from two on (R-091); `agreed`: that was talked
    over and stays away by agreement; `worried`: a worry is open.
    `name_only`: this worker stays out of the person's stay; name and presence are all.
    `spoken`: when somebody last talked with them at a meeting (R-125); `examples`: what they are
    an example in (R-145).
    `comes_on`: they have no place of today, the place is kept from that day on; `until`: the last
    day before another group has one for them (R-377). `tries`: their challenge. `is_of_here`: the
    stay is of this group; of somebody who comes from another one name and day are all.
    """

    stay_id: UUID
    placement_id: UUID
    trial: bool
    name: str
    note: str
    cells: list[str]
    missed: int = 0
    worried: bool = False
    agreed: bool = False
    name_only: bool = False
    spoken: Spoken | None = None
    examples: tuple[Example, ...] = ()
    tries: Tries | None = None
    comes_on: date | None = None
    until: date | None = None
    is_of_here: bool = True


@dataclass(frozen=True)
class Waiting:
    """Somebody of the sign-ups of this group. `ready`: the first talk went well."""

    stay: Trajectory
    name: str
    ready: bool
    first_in_line: bool


@dataclass(frozen=True)
class Glance:
    group: Group
    people: list[Person]
    waiting: list[Waiting]
    next_meeting: Meeting | None
    upcoming: list[Meeting]
    past: list[Meeting]
    held: list[Meeting] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        found = self.next_meeting
        return found is not None and is_today(found.date, found.starts_at, clock.now())

    @property
    def is_running(self) -> bool:
        return self.next_meeting is not None and is_running(self.next_meeting, clock.now())

    @property
    def is_tonight(self) -> bool:
        """Others may look along on the way to its sheet (R-379)."""
        return self.next_meeting is not None and is_tonight(self.next_meeting, clock.now())

    @property
    def to_come(self) -> int:
        return sum(person.comes_on is not None for person in self.people)

    @property
    def moving_on(self) -> int:
        return sum(person.until is not None for person in self.people)

    @property
    def leaving(self) -> list[str]:
        """Who says goodbye: the places that come free next, for whoever waits."""
        return [person.name for person in self.people if person.note == Trajectory.Phase.LEAVING]


def look_at(
    group: Group,
    user: Viewer,
    *,
    with_waiting: bool,
    tries: Mapping[UUID, Tries] | None = None,
) -> Glance:
    """Two queries, and one for who waits, whatever the size of the group; `with_waiting` for its
    own workers only. `past` goes back a year, the newest evening first; `tries`: what each tries
    now, by stay."""
    now, day = clock.now(), clock.today()
    rows = _MEETINGS(group=group.pk, since=day - LOOKS_BACK)
    meetings = [Meeting.from_db(None, COLUMNS, row) for row in rows]
    over = [m for m in meetings if is_over(m, now)]
    held = [m for m in over if m.status == Meeting.Status.HELD][-STRIP:]
    upcoming = [m for m in meetings if not is_over(m, now)]
    planned = [m for m in upcoming if m.status != Meeting.Status.CANCELLED]
    seated = _SEATED(group=group.pk, worker=user.pk, day=day)
    return Glance(
        group=group,
        people=sorted(
            (_person(_Seated(*row), held, day, tries or {}) for row in seated),
            key=lambda person: person.comes_on or date.min,
        ),
        waiting=_waiting(group, user) if with_waiting else [],
        next_meeting=planned[0] if planned else None,
        upcoming=upcoming,
        past=over[::-1],
        held=held,
    )


class _Seated(NamedTuple):
    placement_id: UUID
    stay_id: UUID
    trial: bool
    first_day: date
    last_day: date | None
    is_of_here: bool
    phase: str
    blocked_reason: str
    name: str
    worried: bool
    agreed: bool
    out: bool
    talked_on: date | None
    written: list[dict[str, str]]
    told: list[dict[str, Any]]
    skills: list[Any]


def _seated(group: UUID, worker: UUID, day: date) -> QuerySet[Any, Any]:
    """Who has a place, by call name, with what the last evenings say of each (`written`)."""
    latest = Meeting.objects.over(clock.now()).filter(group=group).order_by("-date")
    written = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"), meeting__in=latest.values("pk")[:STRIP]
    )
    mine = Recusal.objects.in_force().filter(worker=worker)
    return (
        with_contact(Placement.objects.here_or_to_come(), day)
        .filter(group=group)
        .order_by(*by_call_name("trajectory__"))
        .values_list(
            "pk",
            "trajectory_id",
            "trial",
            "first_day",
            "last_day",
            Exists(Trajectory.objects.filter(pk=OuterRef("trajectory"), group=group)),
            "trajectory__phase",
            "trajectory__blocked_reason",
            "trajectory__shown_name",
            "worried",
            "agreed",
            Exists(mine.filter(participant=OuterRef("trajectory__participant"))),
            last_talk_on(),
            ArraySubquery(written.values(row=JSONObject(meeting="meeting_id", state="state"))),
            *along("trajectory"),
        )
    )


def _person(row: _Seated, held: list[Meeting], today: date, tries: Mapping[UUID, Tries]) -> Person:
    comes_on = row.first_day if row.first_day > today else None
    if comes_on and not row.is_of_here:
        return Person(
            row.stay_id,
            row.placement_id,
            trial=False,
            name=row.name,
            note="",
            cells=["" for _one in held],
            comes_on=comes_on,
            is_of_here=False,
        )
    states = {UUID(one["meeting"]): one["state"] for one in row.written}
    cells = [
        states.get(m.pk, Attendance.State.NOT_RECORDED if m.date >= row.first_day else "")
        for m in held
    ]
    return Person(
        stay_id=row.stay_id,
        placement_id=row.placement_id,
        trial=row.trial,
        name=row.name,
        note="" if row.out else note(row.blocked_reason, row.phase, trial=row.trial),
        name_only=row.out,
        cells=cells,
        missed=repeatedly_missed(cells),
        worried=row.worried,
        agreed=row.agreed,
        spoken=None if row.out else spoken(row.talked_on, row.first_day, today),
        examples=() if row.out else tuple(examples(row.told, row.skills)),
        tries=None if row.out else tries.get(row.stay_id),
        comes_on=comes_on,
        until=row.last_day,
    )


def _meetings(group: UUID, since: date) -> QuerySet[Any, Any]:
    rows = Meeting.objects.filter(group=group, date__gte=since).order_by("starts_at")
    return rows.values_list(*COLUMNS)


#: In the order of the model's columns, as `from_db` wants them.
COLUMNS = ("id", "date", "starts_at", "ends_at", "status", "activity", "activity_by", "closed_at")
_SEATED = ReadyMade(as_tuple, _seated, group=UUID, worker=UUID, day=date)
_MEETINGS = ReadyMade(as_tuple, _meetings, group=UUID, since=date)


def with_contact(placements: QuerySet[Placement], day: date | None = None) -> QuerySet[Any]:
    """Adds `worried` and `agreed` (stays away by agreement until today, or `day`, or later)."""
    of = OuterRef("trajectory")
    agreed = ContactAttempt.objects.filter(trajectory=of, quiet_until__gte=day or clock.today())
    return placements.annotate(
        worried=Exists(Worry.objects.open().filter(trajectory=of)), agreed=Exists(agreed)
    )


def repeatedly_missed(strip: list[str]) -> int:
    """R-091: how often without a word, from the second time on; else 0."""
    missed = strip.count(Attendance.State.WITHOUT_NOTICE)
    return missed if missed >= REPEATED else 0


def note(blocked_reason: str, phase: str, *, trial: bool) -> str:
    """What stands beside a name for workers: blocked, trial, paused, leaving or nothing."""
    if blocked_reason:
        return "blocked"
    if trial:
        return "trial"
    leaving = (Trajectory.Phase.PAUSED, Trajectory.Phase.LEAVING)
    return phase if phase in leaving else ""


class Waits(Protocol):
    """Somebody with a place in a line: a stay, or what was read of one."""

    @property
    def waiting_since(self) -> date | None: ...

    @property
    def signed_up_at(self) -> datetime: ...


W = TypeVar("W", bound=Waits)


def first_in_line(waiting: Iterable[W]) -> W | None:
    """Who waits longest; proposed, the worker chooses."""
    line = [one for one in waiting if one.waiting_since is not None]
    return min(line, key=lambda one: (one.waiting_since, one.signed_up_at), default=None)


def _in_line(group: UUID, worker: UUID) -> QuerySet[Any, Any]:
    """Who signed up for this group, less those this worker keeps out of; who waits longest first.
    As `not_recused`, by the id of the worker."""
    mine = Recusal.objects.in_force().filter(worker=worker)
    rows = Trajectory.objects.filter(
        ~Q(participant__in=mine.values("participant")),
        group=group,
        phase__in=Trajectory.Phase.ARRIVING,
    )
    return rows.order_by("waiting_since", "signed_up_at").values_list(
        *(*ARRIVING, "intake__decision", "intake__enthusiastic")
    )


def _arriving(row: tuple[Any, ...]) -> Trajectory:
    *own, decision, enthusiastic = row
    stay = Trajectory.from_db(None, ARRIVING, own)
    talk = None if decision is None else Intake(decision=decision, enthusiastic=enthusiastic)
    Trajectory._meta.get_field("intake").set_cached_value(stay, talk)
    return stay


ARRIVING = ("id", "participant_id", "phase", "waiting_since", "signed_up_at", "shown_name")
_IN_LINE = ReadyMade(as_tuple, _in_line, group=UUID, worker=UUID)


def _waiting(group: Group, user: Viewer) -> list[Waiting]:
    stays = [_arriving(row) for row in _IN_LINE(group=group.pk, worker=user.pk)]
    first = first_in_line(stays)
    return [Waiting(stay, stay.shown_name, _ready(stay), stay is first) for stay in stays]


def is_ready(phase: str, decision: str | None, enthusiastic: bool | None) -> bool:
    """R-075: found suitable and keen, so that an evening to get to know the group can follow."""
    return phase == Trajectory.Phase.INTAKE and decision == "suitable" and enthusiastic is True


def _ready(stay: Trajectory) -> bool:
    intake = getattr(stay, "intake", None)
    return intake is not None and is_ready(stay.phase, intake.decision, intake.enthusiastic)
