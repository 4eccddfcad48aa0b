"""What waits about people who take part: a worry, a pause, a goodbye. Computed from facts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.accounts.rights import may
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models import PauseWish, PhaseChange, StopHeard, Trajectory, Worry
from participants.permissions import CONSULT, DECIDE
from participants.todo_kinds import Kind

Phase = Trajectory.Phase
#: How long a day to look again may lie behind before it asks for an answer today.
PRESSES_AFTER = timedelta(days=7)
#: How long a worker finds that somebody stopped.
TOLD_DAYS = timedelta(days=60)
ON_TOP = -1


@dataclass(frozen=True)
class Worried:
    """An open worry (R-091), and how far the coordinator is with it."""

    id: UUID
    stay: UUID
    name: str
    group: UUID | None
    by: str
    at: datetime
    asked_at: datetime | None
    thought_along_at: datetime | None


def _worries(user: Viewer) -> QuerySet[Worry]:
    return Worry.objects.visible_to(user).open()


def _worry(row: Worried, _asked: Asked) -> Todo:
    """Stays on top for every worker of the group until it is settled (R-091)."""
    day = clock.day_of(row.at)
    reason = _("{who} is worried, since {day}. Agree together what you do.")
    if row.thought_along_at is not None:
        reason = _("{who} is worried, since {day}. The coordinator has thought along.")
    elif row.asked_at is not None:
        reason = _("{who} is worried, since {day}. The coordinator has been asked.")
    return Todo(
        kind=Kind.WORRY,
        about=row.id,
        urgency=ON_TOP,
        when=_("worried"),
        title=_("How is {name}?").format(name=row.name),
        reason=reason.format(who=first_name_of(row.by), day=date_format(day, "j F")),
        action=_("Look together"),
        url=reverse("participants:reach", args=[row.stay]),
        since=day,
        group_id=row.group,
        stay_id=row.stay,
    )


@dataclass(frozen=True)
class Put:
    """A worry that was put to the coordinator: nothing about who it is."""

    id: UUID
    asked_by: str | None
    asked_at: datetime | None
    group: UUID | None


def _put(user: Viewer) -> QuerySet[Worry]:
    return Worry.objects.broadly_visible_to(user).open().filter(thought_along_at__isnull=True)


def _think_along(row: Put, _asked: Asked) -> Todo:
    """For the coordinator: whom to call."""
    return Todo(
        kind=Kind.THINK_ALONG,
        about=row.id,
        urgency=0,
        when=_("today"),
        title=_("{who} asks you to think along").format(who=first_name_of(row.asked_by or "")),
        reason=_("A worry about somebody in the group."),
        action=_("Read and call"),
        url=reverse("participants:think_along", args=[row.id]),
        since=clock.day_of(row.asked_at) if row.asked_at else None,
        group_id=row.group,
    )


@dataclass(frozen=True)
class Wish:
    """A pause that a young person asked for."""

    id: UUID
    stay: UUID
    name: str
    group: UUID | None
    asked_at: datetime


def _wishes(user: Viewer) -> QuerySet[PauseWish]:
    return PauseWish.objects.filter(
        trajectory__in=Trajectory.objects.visible_to(user),
        trajectory__phase=Phase.PARTICIPATING,
        settled_at__isnull=True,
    )


def _wish(row: Wish, _asked: Asked) -> Todo:
    day = clock.day_of(row.asked_at)
    return Todo(
        kind=Kind.PAUSE_WISH,
        about=row.id,
        urgency=1,
        when=_("asked"),
        title=_("{name} would like a break").format(name=row.name),
        reason=_("Asked on {day}. Talk it over and agree until when.").format(
            day=date_format(day, "j F")
        ),
        action=_("Open"),
        url=reverse("participants:pause", args=[row.stay]),
        since=day,
        group_id=row.group,
        stay_id=row.stay,
    )


@dataclass(frozen=True)
class Paused:
    id: UUID
    name: str
    group: UUID | None
    expected_back_on: date | None


def _paused(user: Viewer) -> QuerySet[Trajectory]:
    today = clock.today()
    return Trajectory.objects.visible_to(user).filter(
        Q(expected_back_on__lte=today) | Q(expected_back_on__isnull=True), phase=Phase.PAUSED
    )


def _pause(row: Paused, asked: Asked) -> Todo:
    """The day to look again has come; a week later it is no longer for this week but for today."""
    day = row.expected_back_on or asked.day
    return Todo(
        kind=Kind.PAUSE,
        about=row.id,
        urgency=1 if day <= asked.day - PRESSES_AFTER else 2,
        when=_("pause"),
        title=_("Does {name} come back?").format(name=row.name),
        reason=_("You would look again on {day}. Prolong it, end it, or say goodbye.").format(
            day=date_format(day, "j F")
        ),
        action=_("Open"),
        url=reverse("participants:pause", args=[row.id]),
        since=day,
        group_id=row.group,
        stay_id=row.id,
    )


def stopped_by_themselves(stays: QuerySet[Trajectory]) -> QuerySet[Trajectory]:
    """Stays that ended by the young person's *I stop*; under 16 a worker still closes (R-109)."""
    by_person = PhaseChange.objects.filter(
        trajectory=OuterRef("pk"),
        to_phase__in=Phase.STOPPING,
        by=OuterRef("participant__user"),
        at__gte=clock.now() - TOLD_DAYS,
    )
    over = Q(phase__in=[Phase.FORMER, Phase.WITHDRAWN]) | Q(stopped_on__isnull=False)
    return stays.filter(over, Exists(by_person))


@dataclass(frozen=True)
class Stopped:
    id: UUID
    name: str
    group: UUID | None
    ended_on: date | None
    stopped_on: date | None
    refused_at: datetime | None


def _unheard(user: Viewer) -> QuerySet[Trajectory]:
    heard = StopHeard.objects.filter(trajectory=OuterRef("pk"), by=user.pk)
    return stopped_by_themselves(Trajectory.objects.visible_to(user)).exclude(Exists(heard))


def _stopped(row: Stopped, asked: Asked) -> Todo:
    """The same day, for each of the workers, until that worker has read it."""
    return Todo(
        kind=Kind.HAS_STOPPED,
        about=row.id,
        urgency=0,
        when=_("today") if asked.day in (row.ended_on, row.stopped_on) else _("new"),
        title=_("{name} has stopped").format(name=row.name),
        reason=_("Wants no more contact: leave it at that.")
        if row.refused_at
        else _("By own choice. Read what was said."),
        action=_("Read"),
        url=reverse("participants:stopped", args=[row.id]),
        since=row.stopped_on or row.ended_on,
        group_id=row.group,
        stay_id=row.id,
    )


@dataclass(frozen=True)
class Own:
    id: UUID


def _own_pause(user: Viewer) -> QuerySet[Trajectory]:
    return Trajectory.objects.visible_to(user).filter(phase=Phase.PAUSED)


def _own(_rows: list[Own], _asked: Asked) -> list[Todo]:
    return [
        Todo(
            kind=Kind.OWN_PAUSE,
            urgency=2,
            when=_("pause"),
            title=_("You are having a break"),
            reason=_("Your place stays yours. Feel like it again?"),
            action=_("I come again"),
            url=reverse("participants:own_pause"),
        )
    ]


def _guides(user: Viewer) -> bool:
    return may(user, DECIDE)


NAME = "shown_name"
OF_STAY = {
    "stay": "trajectory_id",
    "name": f"trajectory__{NAME}",
    "group": "trajectory__group_id",
}
WORRIES = Facts(Worried, _worries, OF_STAY | {"by": "by__name"})
PUT = Facts(Put, _put, {"asked_by": "asked_by__name", "group": "trajectory__group_id"})
PAUSED = Facts(Paused, _paused, {"name": NAME, "group": "group_id"})
STOPPED = Facts(
    Stopped,
    _unheard,
    {"name": NAME, "group": "group_id", "refused_at": "participant__contact__stopped_at"},
)
RULES = (
    TodoRule((Kind.OWN_PAUSE,), parts=(Part(Facts(Own, _own_pause), _own),), own=True),
    TodoRule(
        (Kind.THINK_ALONG,),
        parts=(Part(PUT, each(_think_along)),),
        asks=lambda user: may(user, CONSULT),
    ),
    TodoRule((Kind.WORRY,), parts=(Part(WORRIES, each(_worry)),), asks=_guides, of_a_stay=True),
    TodoRule(
        (Kind.PAUSE_WISH,),
        parts=(Part(Facts(Wish, _wishes, OF_STAY), each(_wish)),),
        asks=_guides,
        of_a_stay=True,
    ),
    TodoRule((Kind.PAUSE,), parts=(Part(PAUSED, each(_pause)),), asks=_guides, of_a_stay=True),
    TodoRule(
        (Kind.HAS_STOPPED,), parts=(Part(STOPPED, each(_stopped)),), asks=_guides, of_a_stay=True
    ),
)
