"""The group at a glance: who has a place, their last evenings, who waits. Counts stay fixed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from core import clock
from core.accounts.actors import Viewer
from core.organisations.models import SMALLEST_GROUP, Group
from groups.models import Attendance, Meeting, Placement
from participants.models import ContactAttempt, Trajectory, Worry
from participants.models.recusal import not_recused
from participants.recusal import recusal

STRIP = 6
REPEATED = 2


@dataclass(frozen=True)
class Person:
    """A line of the group's table. `strip`: states at the last held evenings, oldest first.

    `missed`: evenings of the strip without a word, from two on (R-091); `agreed`: that was talked
    over and stays away by agreement; `worried`: a worry is open.
    `name_only`: this worker stays out of the person's stay; name and presence are all.
    """

    stay: Trajectory
    placement: Placement
    name: str
    note: str
    strip: list[str]
    missed: int = 0
    worried: bool = False
    agreed: bool = False
    name_only: bool = False


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
    notes: list[str] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.next_meeting is not None and self.next_meeting.date == clock.today()

    @property
    def taking_part(self) -> int:
        return sum(not person.placement.trial for person in self.people)

    @property
    def is_small(self) -> bool:
        """R-117: below five participants is flagged."""
        return self.taking_part < SMALLEST_GROUP

    @property
    def ids(self) -> list[UUID]:
        return [person.stay.pk for person in self.people]


def look_at(group: Group, user: Viewer, *, with_waiting: bool) -> Glance:
    """Six queries, whatever the size of the group. `with_waiting` for its own workers only."""
    now = clock.now()
    placements = list(
        with_contact(Placement.objects.open())
        .filter(group=group)
        .select_related("trajectory__participant")
        .order_by("trajectory__participant__call_name", "pk")
    )
    meetings = list(Meeting.objects.filter(group=group).order_by("starts_at"))
    held = [m for m in meetings if m.status == Meeting.Status.HELD][-STRIP:]
    written = written_at(held)
    upcoming = [m for m in meetings if m.ends_at >= now]
    hidden = recusal.out_of(user)
    people = [
        Person(
            stay=p.trajectory,
            placement=p,
            name=p.trajectory.participant.call_name,
            note="" if p.trajectory.participant_id in hidden else note_of(p),
            name_only=p.trajectory.participant_id in hidden,
            strip=strip_of(p, held, written),
            missed=repeatedly_missed(strip_of(p, held, written)),
            worried=p.worried,
            agreed=p.agreed,
        )
        for p in placements
    ]
    planned = [m for m in upcoming if m.status != Meeting.Status.CANCELLED]
    return Glance(
        group=group,
        people=people,
        waiting=_waiting(group, user) if with_waiting else [],
        next_meeting=planned[0] if planned else None,
        upcoming=upcoming,
        past=[m for m in reversed(meetings) if m.ends_at < now][:8],
    )


def with_contact(placements: QuerySet[Placement]) -> QuerySet[Any]:
    """Adds `worried` and `agreed` (stays away by agreement until today or later)."""
    of = OuterRef("trajectory")
    agreed = ContactAttempt.objects.filter(trajectory=of, quiet_until__gte=clock.today())
    return placements.annotate(
        worried=Exists(Worry.objects.open().filter(trajectory=of)), agreed=Exists(agreed)
    )


def repeatedly_missed(strip: list[str]) -> int:
    """R-091: how often without a word, from the second time on; else 0."""
    missed = strip.count(Attendance.State.WITHOUT_NOTICE)
    return missed if missed >= REPEATED else 0


def note_of(placement: Placement) -> str:
    """What stands beside a name for workers: blocked, trial, paused, leaving or nothing."""
    stay = placement.trajectory
    return note(stay.blocked_reason, stay.phase, trial=placement.trial)


def note(blocked_reason: str, phase: str, *, trial: bool) -> str:
    """As `note_of`, of the facts themselves."""
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


def last_held(groups: Iterable[Group]) -> dict[UUID, list[Meeting]]:
    """Of each group its last STRIP held evenings, oldest first; one query."""
    ranked = (
        Meeting.objects.filter(group__in=groups, status=Meeting.Status.HELD)
        .annotate(rank=Window(RowNumber(), partition_by=F("group"), order_by=F("date").desc()))
        .filter(rank__lte=STRIP)
        .order_by("date")
    )
    found: dict[UUID, list[Meeting]] = defaultdict(list)
    for meeting in ranked:
        found[meeting.group_id].append(meeting)
    return found


def written_at(meetings: Iterable[Meeting]) -> dict[UUID, dict[UUID, str]]:
    """Stay -> evening -> what was written down; one query."""
    written: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    rows = Attendance.objects.filter(meeting__in=[m.pk for m in meetings])
    for stay, meeting, state in rows.values_list("trajectory_id", "meeting_id", "state"):
        written[stay][meeting] = state
    return written


def strip_of(
    placement: Placement,
    held: list[Meeting],
    written: dict[UUID, dict[UUID, str]],
    *,
    gaps: bool = True,
) -> list[str]:
    """The dots of one person. Evenings before somebody came are left out: absence is never
    suggested. `gaps`: an evening without a row stands there as not recorded.
    """
    mine = written.get(placement.trajectory_id, {})
    return [
        mine.get(m.pk, Attendance.State.NOT_RECORDED)
        for m in held
        if m.pk in mine or (gaps and m.date >= placement.first_day)
    ]


def _waiting(group: Group, user: Viewer) -> list[Waiting]:
    stays = list(
        Trajectory.objects.filter(
            not_recused(user), group=group, phase__in=Trajectory.Phase.ARRIVING
        )
        .select_related("participant", "intake")
        .order_by("waiting_since", "signed_up_at")
    )
    first = first_in_line(stays)
    return [
        Waiting(stay, stay.participant.call_name, _ready(stay), stay is first) for stay in stays
    ]


def is_ready(phase: str, decision: str | None, enthusiastic: bool | None) -> bool:
    """R-075: found suitable and keen, so that an evening to get to know the group can follow."""
    return phase == Trajectory.Phase.INTAKE and decision == "suitable" and enthusiastic is True


def _ready(stay: Trajectory) -> bool:
    intake = getattr(stay, "intake", None)
    return intake is not None and is_ready(stay.phase, intake.decision, intake.enthusiastic)
