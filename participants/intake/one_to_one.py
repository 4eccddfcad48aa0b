"""A first talk that was not just the two of them: the regional coordinator sees it (R-068).

Nobody is blamed and nothing stops. It is settled by a fact: the talk held later, or what
coordinator and worker agreed.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import may
from core.errors import RuleBroken
from core.facts import Asked, Facts
from core.locks import lock_copy, lock_first
from core.ports import Part, Todo, TodoRule, each
from participants.models import Intake, OneToOneAnswer, Trajectory
from participants.permissions import CONSULT, DECIDE
from participants.stay.lock import lock
from participants.todo_kinds import Kind


@transaction.atomic
def hold_one_to_one(*, trajectory: Trajectory, day: date, by: User) -> Intake:
    """The two of them talked after all, on `day`.

    Raises RuleBroken: "not_started", "to_come", or "before_the_talk" for a day before it.
    """
    lock(trajectory)
    intake = lock_first(Intake.objects.filter(trajectory=trajectory))
    if intake is None:
        raise RuleBroken(_("First begin the form of the talk."), code="not_started")
    if day > clock.today():
        raise RuleBroken(_("This day is still to come."), code="to_come", field="day")
    if intake.held_on and day < intake.held_on:
        raise RuleBroken(
            _("This day is before the first talk. Look again."), code="before_the_talk", field="day"
        )
    intake.one_to_one_on = day
    intake.version += 1
    intake.save(update_fields=["one_to_one_on", "version"])
    return intake


@transaction.atomic
def answer_flag(*, intake: Intake, text: str, by: User) -> OneToOneAnswer:
    """What the coordinator agreed with the worker. Raises RuleBroken: "empty", "answered"."""
    lock_copy(intake)
    if not text.strip():
        raise RuleBroken(_("Write down what you agreed."), code="empty", field="text")
    if OneToOneAnswer.objects.filter(intake=intake).exists():
        raise RuleBroken(_("This has been answered already."), code="answered")
    return OneToOneAnswer.objects.create(intake=intake, text=text.strip(), by=by, at=clock.now())


@dataclass(frozen=True)
class Flag:
    """For the coordinator: that it happened, in which group."""

    id: UUID
    group: UUID | None
    group_name: str | None
    held_on: date | None


def _flags(user: Viewer) -> QuerySet[Intake]:
    return Intake.objects.flags_visible_to(user).waiting_for_one_to_one()


def _look(row: Flag, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.ONE_TO_ONE,
        about=row.id,
        urgency=1,
        when=_("look"),
        title=_("A first talk in %(group)s was not just the two of them")
        % {"group": row.group_name},
        reason=_("Decided without a talk of just the two of them."),
        action=_("Look"),
        url=reverse("participants:one_to_one_flag", args=[row.id]),
        since=row.held_on,
        group_id=row.group,
    )


@dataclass(frozen=True)
class Accompanied:
    """The worker's own chance to settle it."""

    id: UUID
    stay: UUID
    name: str
    group: UUID | None
    held_on: date | None


def _accompanied(user: Viewer) -> QuerySet[Intake]:
    mine = Trajectory.objects.visible_to(user).running().values("pk")
    return Intake.objects.waiting_for_one_to_one().filter(trajectory__in=mine)


def _to_hold(row: Accompanied, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.TALK_ALONE,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("Talk with %(name)s, just the two of you") % {"name": row.name},
        reason=_("The first talk was with others there."),
        action=_("To the talk"),
        url=reverse("participants:intake", args=[row.stay]),
        since=row.held_on,
        group_id=row.group,
    )


FLAGS = Facts(
    Flag, _flags, {"group": "trajectory__group_id", "group_name": "trajectory__group__name"}
)
ACCOMPANIED = Facts(
    Accompanied,
    _accompanied,
    {
        "stay": "trajectory_id",
        "name": "trajectory__shown_name",
        "group": "trajectory__group_id",
    },
)
RULES = (
    TodoRule(
        (Kind.ONE_TO_ONE,),
        parts=(Part(FLAGS, each(_look)),),
        asks=lambda user: may(user, CONSULT),
    ),
    TodoRule(
        (Kind.TALK_ALONE,),
        parts=(Part(ACCOMPANIED, each(_to_hold)),),
        asks=lambda user: may(user, DECIDE),
    ),
)
