"""A first talk that was not just the two of them: the regional coordinator sees it (R-068).

Nobody is blamed and nothing stops. It is settled by a fact: the talk held later, or what
coordinator and worker agreed.
"""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import may, reach
from core.errors import RuleBroken
from core.locks import lock_copy, lock_first
from core.ports import Todo, TodoRule
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


def _flags(user: Viewer) -> list[Todo]:
    """For the coordinator: that it happened, in which group."""
    if not reach(user, CONSULT):
        return []
    rows = Intake.objects.flags_visible_to(user).waiting_for_one_to_one()
    return [
        Todo(
            kind=Kind.ONE_TO_ONE,
            about=row.pk,
            urgency=1,
            when=_("look"),
            title=_("A first talk in %(group)s was not just the two of them")
            % {"group": row.trajectory.group},
            reason=_("Decided without a talk of just the two of them."),
            action=_("Look"),
            url=reverse("participants:one_to_one_flag", args=[row.pk]),
            since=row.held_on,
            group_id=row.trajectory.group_id,
        )
        for row in rows.select_related("trajectory__group").order_by("decided_at")
    ]


def _to_hold(user: Viewer) -> list[Todo]:
    """The worker's own chance to settle it."""
    if not may(user, DECIDE):
        return []
    mine = Trajectory.objects.visible_to(user).running().values("pk")
    rows = Intake.objects.waiting_for_one_to_one().filter(trajectory__in=mine)
    return [
        Todo(
            kind=Kind.TALK_ALONE,
            about=row.pk,
            urgency=2,
            when=_("this week"),
            title=_("Talk with %(name)s, just the two of you")
            % {"name": row.trajectory.participant.call_name},
            reason=_("The first talk was with others there."),
            action=_("To the talk"),
            url=reverse("participants:intake", args=[row.trajectory_id]),
            since=row.held_on,
            group_id=row.trajectory.group_id,
        )
        for row in rows.select_related("trajectory__participant").order_by("decided_at")
    ]


RULES = (
    TodoRule((Kind.ONE_TO_ONE,), _flags),
    TodoRule((Kind.TALK_ALONE,), _to_hold),
)
