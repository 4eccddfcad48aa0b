"""Decided together with the coordinator, says a worker: the one who was named says so too.

Three exceptions name a coordinator: a home that may not be written to (C-37), a goodbye without
contact with the parents (R-109), and a former participant who may sign up again (R-195). The named
one finds a question, and when that one no longer holds the region those who do are asked; who
answers, has it. No answer changes nothing.

A goodbye and a return are answered once: discussed, or not; one that was not discussed does not
stand any more, and the workers of the group hear it. An unsafe home is in force until somebody
ends it: that answer is `participants.parents.unsafe_home`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, UUIDField, Value
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User, first_name_of
from core.accounts.rights import may
from core.errors import NotYours, RuleBroken
from core.facts import Asked, Column, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models import ParentsAtExit, ReturnException, Trajectory, UnsafeHome
from participants.models.discussed import DiscussedQuerySet
from participants.permissions import CONSULT, DECIDE
from participants.stay.lock import lock
from participants.todo_kinds import Kind

Decision = ParentsAtExit | ReturnException


def asked_of(user: Viewer, decision_id: UUID) -> Decision | None:
    """The decision that names this coordinator, answered or not, or that is theirs by now."""
    for model in (ParentsAtExit, ReturnException):
        row: Decision | None = (
            model.objects.visible_to(user).filter(pk=decision_id).select_related("by").first()
        )
        if row is not None:
            return row
    return None


def stay_of(decision: Decision) -> Trajectory:
    """The stay it is about; for a return the newest one that was finished."""
    if isinstance(decision, ParentsAtExit):
        return decision.trajectory
    former = Trajectory.objects.filter(
        participant=decision.participant_id, phase=Trajectory.Phase.FORMER
    )
    return former.latest("signed_up_at")


@transaction.atomic
def answer(*, decision: Decision, discussed: bool, by: User, words: str = "") -> Decision:
    """The coordinator who was named says whether it was discussed. Locks the stay.

    Or a successor, whose decision it is from then on. Raises NotYours("not_named") or
    RuleBroken("answered").
    """
    lock(stay_of(decision))
    decision.refresh_from_db()
    if not type(decision).objects.ask(by, decision):
        raise NotYours(_("Only the coordinator who was named answers this."), code="not_named")
    if decision.answered_at is not None:
        raise RuleBroken(_("You answered this already."), code="answered")
    decision.discussed, decision.answer = discussed, words.strip()
    decision.answered_at = clock.now()
    decision.save(update_fields=["discussed", "answer", "answered_at", decision.is_now_of(by)])
    return decision


@transaction.atomic
def hear(*, trajectory: Trajectory, by: User) -> None:
    """A worker read that something was not discussed, and talked it over or wrote it down anew."""
    for rows in _about(trajectory):
        rows.denied().update(heard_by=by, heard_at=clock.now())


def denied(trajectory: Trajectory) -> list[Decision]:
    """What the coordinator says was not discussed, while no worker has heard it."""
    return [
        row
        for rows in _about(trajectory)
        for row in rows.denied().select_related(rows.model.NAMED, "by").order_by("at")
    ]


def _about(
    trajectory: Trajectory,
) -> tuple[DiscussedQuerySet[ParentsAtExit], DiscussedQuerySet[ReturnException]]:
    return (
        ParentsAtExit.objects.filter(trajectory=trajectory),
        ReturnException.objects.filter(participant=trajectory.participant_id),
    )


# ---- For the coordinator -------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """An exception that waits for its coordinator, or for the successor of that one.

    `by` wrote it down; `named` is the coordinator who was named; a return has no group yet.
    """

    id: UUID
    name: str
    group: UUID | None
    by: str
    at: datetime
    named: UUID
    named_name: str


def _unanswered(model: type[ParentsAtExit] | type[ReturnException], user: Viewer) -> QuerySet[Any]:
    return model.objects.visible_to(user).filter(answered_at__isnull=True).exclude(by=user.pk)


def _goodbyes(user: Viewer) -> QuerySet[ParentsAtExit]:
    return _unanswered(ParentsAtExit, user)


def _returns(user: Viewer) -> QuerySet[ReturnException]:
    return _unanswered(ReturnException, user)


def _homes(user: Viewer) -> QuerySet[UnsafeHome]:
    """For the coordinator who was named in a home that is not written to (C-37)."""
    return UnsafeHome.objects.visible_to(user).filter(confirmed_at__isnull=True)


def inherited(named: str) -> str:
    """What the successor of a coordinator reads, who lost the region or keeps out."""
    return _("Decided with %(who)s, who does not decide on this any more. It is yours now.") % {
        "who": named
    }


def _asked(row: Named, asked: Asked, *, reason: str, **fields: Any) -> Todo:
    """The question to the coordinator; a successor reads with whom it was decided instead."""
    return Todo(
        about=row.id,
        urgency=1,
        when=_("agreed with you?"),
        reason=reason if row.named == asked.user.pk else inherited(row.named_name),
        group_id=row.group,
        **fields,
    )


def _goodbye(row: Named, asked: Asked) -> Todo:
    return _question(row, asked, _("{name}: goodbye without the parents"))


def _return(row: Named, asked: Asked) -> Todo:
    return _question(row, asked, _("{name} may come back, as an exception"))


def _question(row: Named, asked: Asked, title: str) -> Todo:
    day = clock.day_of(row.at)
    return _asked(
        row,
        asked,
        kind=Kind.DISCUSSED,
        title=title.format(name=row.name),
        reason=_("{who} wrote down on {day} that you decided this together.").format(
            who=first_name_of(row.by), day=date_format(day, "j F")
        ),
        action=_("Read and answer"),
        url=reverse("participants:discussed", args=[row.id]),
        since=day,
    )


def _home(row: Named, asked: Asked) -> Todo:
    return _asked(
        row,
        asked,
        kind=Kind.UNSAFE_HOME,
        title=_("%(name)s: no mail goes home") % {"name": row.name},
        reason=_("A youth worker wrote down that you decided this together."),
        action=_("Read and confirm"),
        url=reverse("participants:unsafe_home_agreed", args=[row.id]),
    )


# ---- For the workers after a "not discussed" -----------------------------------------------


@dataclass(frozen=True)
class Denied:
    """`stay`: for a return the newest one that was finished."""

    id: UUID
    named: str
    answered_at: datetime
    stay: UUID
    name: str
    group: UUID | None


def _denied_goodbyes(user: Viewer) -> QuerySet[ParentsAtExit]:
    return ParentsAtExit.objects.filter(trajectory__in=Trajectory.objects.visible_to(user)).denied()


def _denied_returns(user: Viewer) -> QuerySet[Any]:
    former = Trajectory.objects.visible_to(user).filter(phase=Trajectory.Phase.FORMER)
    newest = former.filter(participant=OuterRef("participant")).order_by("-signed_up_at")
    return (
        ReturnException.objects.filter(participant__in=former.values("participant"))
        .denied()
        .annotate(stay=Subquery(newest.values("pk")[:1]), of=Subquery(newest.values("group")[:1]))
    )


def _not_discussed(page: str) -> Callable[[Denied, Asked], Todo]:
    def say(row: Denied, _asked: Asked) -> Todo:
        return Todo(
            kind=Kind.NOT_DISCUSSED,
            about=row.id,
            urgency=0,
            when=_("today"),
            title=_("{who}: not discussed with me").format(who=first_name_of(row.named)),
            reason=_("The exception for {name} does not stand. Call, and decide together.").format(
                name=row.name
            ),
            action=_("Read the answer"),
            url=reverse(f"participants:{page}", args=[row.stay]),
            since=clock.day_of(row.answered_at),
            group_id=row.group,
            stay_id=row.stay,
        )

    return say


def _coordinates(user: Viewer) -> bool:
    return may(user, CONSULT)


OF_STAY: dict[str, Column] = {
    "name": "trajectory__shown_name",
    "group": "trajectory__group_id",
    "by": "by__name",
    "named": "coordinator_id",
    "named_name": "coordinator__name",
}
#: What this person is called in the newest stay.
CALLED = Subquery(
    Trajectory.objects.filter(participant=OuterRef("participant"))
    .order_by("-signed_up_at")
    .values("shown_name")[:1]
)
OF_RETURN: dict[str, Column] = {
    "name": CALLED,
    "group": Value(None, output_field=UUIDField()),
    "by": "by__name",
    "named": "discussed_with_id",
    "named_name": "discussed_with__name",
}
DENIED_GOODBYES = Facts(
    Denied,
    _denied_goodbyes,
    {
        "named": "coordinator__name",
        "stay": "trajectory_id",
        "name": "trajectory__shown_name",
        "group": "trajectory__group_id",
    },
)
DENIED_RETURNS = Facts(
    Denied,
    _denied_returns,
    {"named": "discussed_with__name", "name": CALLED, "group": "of"},
)
RULES = (
    TodoRule(
        (Kind.DISCUSSED,),
        parts=(
            Part(Facts(Named, _goodbyes, OF_STAY), each(_goodbye)),
            Part(Facts(Named, _returns, OF_RETURN), each(_return)),
        ),
        asks=_coordinates,
    ),
    TodoRule(
        (Kind.UNSAFE_HOME,),
        parts=(Part(Facts(Named, _homes, OF_STAY), each(_home)),),
        asks=_coordinates,
    ),
    TodoRule(
        (Kind.NOT_DISCUSSED,),
        parts=(
            Part(DENIED_GOODBYES, each(_not_discussed("parents_at_exit"))),
            Part(DENIED_RETURNS, each(_not_discussed("allow_return"))),
        ),
        asks=lambda user: may(user, DECIDE),
        of_a_stay=True,
    ),
)
