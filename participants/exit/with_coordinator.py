"""Decided together with the coordinator, says a worker: the one who was named says so too.

Three exceptions name a coordinator: a home that may not be written to (C-37), a goodbye without
contact with the parents (R-109), and a former participant who may sign up again (R-195). The named
one finds a question, and when that one no longer holds the region those who do are asked; who
answers, has it. No answer changes nothing.

A goodbye and a return are answered once: discussed, or not; one that was not discussed does not
stand any more, and the workers of the group hear it. An unsafe home is in force until somebody
ends it: that answer is `participants.parents.unsafe_home`.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import may
from core.errors import NotYours, RuleBroken
from core.ports import Todo, TodoRule
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


def _to_answer(user: Viewer) -> list[Todo]:
    """For the coordinator who was named."""
    if not may(user, CONSULT):
        return []
    asked = Q(answered_at__isnull=True) & ~Q(by=user)
    goodbyes = ParentsAtExit.objects.visible_to(user).filter(asked)
    returns = ReturnException.objects.visible_to(user).filter(asked)
    return [
        *[
            _question(user, row, _("{name}: goodbye without the parents"))
            for row in goodbyes.select_related("by", "coordinator", "trajectory__participant")
        ],
        *[
            _question(user, row, _("{name} may come back, as an exception"))
            for row in returns.select_related("by", "discussed_with", "participant")
        ],
    ]


def _to_confirm(user: Viewer) -> list[Todo]:
    """For the coordinator who was named in a home that is not written to (C-37)."""
    if not may(user, CONSULT):
        return []
    homes = UnsafeHome.objects.visible_to(user).filter(confirmed_at__isnull=True)
    return [
        _home(user, row) for row in homes.select_related("trajectory__participant", "coordinator")
    ]


def inherited(named: User) -> str:
    """What the successor of a coordinator reads, who lost the region or keeps out."""
    return _("Decided with %(who)s, who does not decide on this any more. It is yours now.") % {
        "who": named.name
    }


def _asked(user: Viewer, row: Decision | UnsafeHome, *, reason: str, **fields: Any) -> Todo:
    """The question to the coordinator; a successor reads with whom it was decided instead."""
    stay = getattr(row, "trajectory", None)  # a return has no stay yet
    return Todo(
        about=row.pk,
        urgency=1,
        when=_("agreed with you?"),
        reason=reason if row.named == user else inherited(row.named),
        group_id=stay.group_id if stay else None,
        **fields,
    )


def _question(user: Viewer, row: Decision, title: str) -> Todo:
    person = row.trajectory.participant if isinstance(row, ParentsAtExit) else row.participant
    day = clock.day_of(row.at)
    return _asked(
        user,
        row,
        kind=Kind.DISCUSSED,
        title=title.format(name=person.call_name),
        reason=_("{who} wrote down on {day} that you decided this together.").format(
            who=row.by.first_name, day=date_format(day, "j F")
        ),
        action=_("Read and answer"),
        url=reverse("participants:discussed", args=[row.pk]),
        since=day,
    )


def _home(user: Viewer, row: UnsafeHome) -> Todo:
    return _asked(
        user,
        row,
        kind=Kind.UNSAFE_HOME,
        title=_("%(name)s: no mail goes home") % {"name": row.trajectory.participant.call_name},
        reason=_("A youth worker wrote down that you decided this together."),
        action=_("Read and confirm"),
        url=reverse("participants:unsafe_home_agreed", args=[row.pk]),
    )


def _to_hear(user: Viewer) -> list[Todo]:
    """For the workers after a "not discussed"."""
    if not may(user, DECIDE):
        return []
    stays = Trajectory.objects.visible_to(user)
    goodbyes = ParentsAtExit.objects.filter(trajectory__in=stays).denied()
    found = [
        _not_discussed(row, row.trajectory, "parents_at_exit")
        for row in goodbyes.select_related("coordinator", "trajectory__participant")
    ]
    former = stays.filter(phase=Trajectory.Phase.FORMER)
    returns = list(
        ReturnException.objects.filter(participant__in=former.values("participant"))
        .denied()
        .select_related("discussed_with")
    )
    people = [row.participant_id for row in returns]
    known = former.filter(participant__in=people).order_by("signed_up_at") if people else []
    newest = {stay.participant_id: stay for stay in known}
    return found + [
        _not_discussed(row, newest[row.participant_id], "allow_return") for row in returns
    ]


def _not_discussed(row: Decision, stay: Trajectory, page: str) -> Todo:
    return Todo(
        kind=Kind.NOT_DISCUSSED,
        about=row.pk,
        urgency=0,
        when=_("today"),
        title=_("{who}: not discussed with me").format(who=row.named.first_name),
        reason=_("The exception for {name} does not stand. Call, and decide together.").format(
            name=stay.participant.call_name
        ),
        action=_("Read the answer"),
        url=reverse(f"participants:{page}", args=[stay.pk]),
        since=clock.day_of(row.answered_at) if row.answered_at else None,
        group_id=stay.group_id,
        stay_id=stay.pk,
    )


RULES = (
    TodoRule((Kind.DISCUSSED,), _to_answer),
    TodoRule((Kind.UNSAFE_HOME,), _to_confirm),
    TodoRule((Kind.NOT_DISCUSSED,), _to_hear, of_a_stay=True),
)
