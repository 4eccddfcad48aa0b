"""What waits because of a move to another group: the own yes, the coordinator, the new workers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.facts import Asked, Facts
from core.names import isolated
from core.ports import Part, Todo, TodoRule, each
from groups.models import GroupMove
from groups.permissions import PLACE
from groups.seats.moving import LAPSES_AFTER
from groups.todo_kinds import Kind
from participants.models import Trajectory
from participants.permissions import CONSULT

Ended = GroupMove.Ended

#: The talk about it is proposed when the question stood so long; the welcome goes by itself.
ASK_AFTER = timedelta(days=5)
WELCOME_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Own:
    id: UUID
    group: str


def _own(user: Viewer) -> QuerySet[Any]:
    asked = GroupMove.objects.visible_to(user).open()
    return asked.filter(own="", trajectory__blocked_reason="")


def _answer(row: Own, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.MOVE_OWN,
        about=row.id,
        urgency=1,
        when=_("this week"),
        title=_("Would you like to go to another group?"),
        reason=_("It is about {group}. You choose.").format(group=row.group),
        action=_("Look"),
        url=reverse("groups:own_move", args=[row.id]),
    )


@dataclass(frozen=True)
class Soon:
    id: UUID
    group: str
    first_day: date


def _soon(user: Viewer) -> QuerySet[Any]:
    """Settled, and still to come: somebody else may have said the last yes."""
    done = GroupMove.objects.visible_to(user).filter(ended_why=GroupMove.Ended.DONE)
    stands = done.filter(trajectory__blocked_reason="", trajectory__stopped_on__isnull=True)
    return stands.filter(first_day__gt=clock.today())


def _goes_on(row: Soon, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.MOVE_SOON,
        about=row.id,
        urgency=3,
        when=_("for you"),
        title=_("You go to {group}").format(group=row.group),
        reason=_("From {day}. Until then you come here.").format(
            day=date_format(row.first_day, "l j F")
        ),
        action=_("Look"),
        url=reverse("groups:own_move", args=[row.id]),
    )


@dataclass(frozen=True)
class Waiting:
    """An open move, for the workers of the old group."""

    id: UUID
    stay: UUID
    name: str
    group: str
    asked_at: datetime
    own: str
    outside: bool
    agreed: str


def _waiting(user: Viewer) -> QuerySet[Any]:
    return GroupMove.objects.visible_to(user).open()


def _of_worker(row: Waiting, asked: Asked) -> Todo | None:
    url = reverse("groups:move", args=[row.stay])
    asked_on = clock.day_of(row.asked_at)
    if row.own == "" and asked.day >= asked_on + ASK_AFTER:
        return Todo(
            kind=Kind.MOVE_ASK,
            about=row.id,
            urgency=2,
            when=_("this week"),
            title=_("Talk with {name} about the other group").format(name=row.name),
            reason=_("No answer yet to the question of {day}. It lapses on {last}.").format(
                day=date_format(asked_on, "j F"),
                last=date_format(asked_on + LAPSES_AFTER, "j F"),
            ),
            action=_("To the question"),
            url=url,
            stay_id=row.stay,
        )
    if row.own == "yes" and (not row.outside or row.agreed == "yes"):
        return Todo(
            kind=Kind.MOVE_READY,
            about=row.id,
            urgency=1,
            when=_("this week"),
            title=_("{name} has no place in {group} yet").format(name=row.name, group=row.group),
            reason=_("Everybody said yes, but it was not possible then. Try again: you see why."),
            action=_("Look"),
            url=url,
            stay_id=row.stay,
        )
    return None


@dataclass(frozen=True)
class Outside:
    id: UUID
    name: str
    group: str
    old_group: UUID
    by: str
    asked_at: datetime


def _outside(user: Viewer) -> QuerySet[Any]:
    return GroupMove.objects.decided_visible_to(user).open().filter(agreed="")


def _decide(row: Outside, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.MOVE_OUTSIDE,
        about=row.id,
        urgency=1,
        when=_("this week"),
        title=_("{name} to {group}: outside the age band").format(name=row.name, group=row.group),
        reason=_("{who} asks what you think. It does not go on without you.").format(
            who=isolated(row.by)
        ),
        action=_("Give an answer"),
        url=reverse("groups:move_outside", args=[row.id]),
        since=clock.day_of(row.asked_at),
        group_id=row.old_group,
    )


@dataclass(frozen=True)
class Refused:
    id: UUID
    stay: UUID
    name: str
    group: str
    ended_at: datetime


def _refused(user: Viewer) -> QuerySet[Any]:
    """The coordinator said no, and nobody told it to who was asked: no machine does (trust.md
    11a). Whoever was asked something else since knows."""
    rows = GroupMove.objects.visible_to(user).filter(ended_why=Ended.NOT_AGREED)
    here = rows.filter(outcome_seen_at__isnull=True, from_group=F("trajectory__group"))
    return here.filter(trajectory__stopped_on__isnull=True)


def _tell(row: Refused, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.MOVE_TELL,
        about=row.id,
        urgency=1,
        when=_("this week"),
        title=_("Tell {name} that {group} does not go ahead").format(
            name=row.name, group=row.group
        ),
        reason=_("The coordinator did not agree. {name} hears that from you alone.").format(
            name=row.name
        ),
        action=_("To the answer"),
        url=reverse("groups:move", args=[row.stay]),
        since=clock.day_of(row.ended_at),
        stay_id=row.stay,
    )


@dataclass(frozen=True)
class Coming:
    id: UUID
    name: str
    group: str
    old_group: str
    first_day: date


def _coming(user: Viewer) -> QuerySet[Any]:
    return (
        GroupMove.objects.welcomed_visible_to(user)
        .filter(
            ~Q(ended_why=GroupMove.Ended.TAKEN_BACK),
            welcomed_at__isnull=True,
            first_day__gte=clock.today() - WELCOME_FOR,
            trajectory__stopped_on__isnull=True,
        )
        .exclude(trajectory__phase__in=Trajectory.Phase.OVER)
    )


def _welcome(row: Coming, asked: Asked) -> Todo:
    comes = _("Comes from {old} on {day}. Introduce yourselves before the first time.")
    came = _("Came from {old} on {day}. Make it a warm welcome.")
    return Todo(
        kind=Kind.MOVE_WELCOME,
        about=row.id,
        urgency=1,
        when=_("this week"),
        title=_("{name} comes to {group}").format(name=row.name, group=row.group),
        reason=(comes if row.first_day >= asked.day else came).format(
            old=row.old_group, day=date_format(row.first_day, "j F")
        ),
        action=_("We know"),
        url=reverse("groups:move_seen", args=[row.id]),
        post=True,
    )


@dataclass(frozen=True)
class Outcome:
    """A move that ended by somebody else's word, for the workers whom it concerns."""

    id: UUID
    stay: UUID
    name: str
    group: str
    old_group: str
    first_day: date
    why: str


def _outcome(user: Viewer) -> QuerySet[Any]:
    """Less what must be told (`_refused`): that does not go by itself."""
    since = clock.now() - WELCOME_FOR
    ended = GroupMove.objects.outcomes_visible_to(user).exclude(ended_why=Ended.NOT_AGREED)
    return ended.filter(ended_at__gte=since)


def _came_of_it(row: Outcome, _asked: Asked) -> Todo:
    titles = {
        Ended.DONE: _("{name} goes to {group}"),
        Ended.REFUSED: _("{name} would rather not go to {group}"),
        Ended.LAPSED: _("{name} did not answer about {group}"),
        Ended.TAKEN_BACK: _("{name} does not come to {group} after all"),
    }
    reasons = {
        Ended.DONE: _("Everybody said yes. The first day there is {day}."),
        Ended.REFUSED: _("Said so on the own page. Everything stays as it is."),
        Ended.LAPSED: _("The question lapsed after two weeks. You can ask it again."),
        Ended.TAKEN_BACK: _("Stays in {old}."),
    }
    words = {
        "name": row.name,
        "group": row.group,
        "old": row.old_group,
        "day": date_format(row.first_day, "j F"),
    }
    return Todo(
        kind=Kind.MOVE_OUTCOME,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=titles[Ended(row.why)].format(**words),
        reason=reasons[Ended(row.why)].format(**words),
        action=_("We know"),
        url=reverse("groups:move_outcome", args=[row.id]),
        post=True,
    )


def _leads(user: Viewer) -> bool:
    return may(user, PLACE)


def _coordinates(user: Viewer) -> bool:
    return may(user, CONSULT)


NAME = {"name": "trajectory__shown_name", "group": "to_group__name"}
OWN = Facts(Own, _own, {"group": "to_group__name"})
SOON = Facts(Soon, _soon, {"group": "to_group__name"})
REFUSED = Facts(Refused, _refused, NAME | {"stay": "trajectory_id"})
WAITING = Facts(Waiting, _waiting, NAME | {"stay": "trajectory_id"})
OUTSIDE = Facts(Outside, _outside, NAME | {"old_group": "from_group_id", "by": "asked_by__name"})
MORE = {"old_group": "from_group__name", "why": "ended_why", "stay": "trajectory_id"}
OUTCOME = Facts(Outcome, _outcome, NAME | MORE)
COMING = Facts(Coming, _coming, NAME | {"old_group": "from_group__name"})

RULES = (
    TodoRule((Kind.MOVE_OWN,), parts=(Part(OWN, each(_answer)),), own=True),
    TodoRule((Kind.MOVE_SOON,), parts=(Part(SOON, each(_goes_on)),), own=True),
    TodoRule(
        (Kind.MOVE_ASK, Kind.MOVE_READY, Kind.MOVE_TELL),
        parts=(Part(WAITING, each(_of_worker)), Part(REFUSED, each(_tell))),
        asks=_leads,
        of_a_stay=True,
    ),
    TodoRule((Kind.MOVE_OUTSIDE,), parts=(Part(OUTSIDE, each(_decide)),), asks=_coordinates),
    TodoRule((Kind.MOVE_OUTCOME,), parts=(Part(OUTCOME, each(_came_of_it)),), asks=_leads),
    TodoRule((Kind.MOVE_WELCOME,), parts=(Part(COMING, each(_welcome)),), asks=_leads),
)
