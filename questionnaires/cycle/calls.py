"""The contact after the follow-up: who is to be called, and since when (R-191, R-192).

The task follows the answer, or fourteen days without one; it belongs to today's workers of the
group (R-198), also for who dropped out (R-199). Nobody who refused contact is on the list. One
talk settles it; a next one appears on the day that was agreed.

While a needed yes is missing nobody is called about a questionnaire (R-350), and the fourteen days
of silence begin anew with the yes: until then nobody could answer. A talk that the two agreed on is
no question about a list; its day stands.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.facts import Asked, Facts, counted
from core.ports import Part, Todo, each
from participants.models import FollowUpCall, Hold, Trajectory
from questionnaires.cycle import on_hold
from questionnaires.models import Invitation, Wave
from questionnaires.todo_kinds import Kind

DAYS_OF_SILENCE = timedelta(days=14)
Outcome = FollowUpCall.Outcome
DONE = (*FollowUpCall.TALKS, Outcome.LEFT_ALONE)


@dataclass(frozen=True)
class Due:
    """Why and since when somebody is to be called; `again` for a talk that was agreed."""

    since: date
    answered: bool = False
    again: bool = False


def may_be_asked() -> QuerySet[Trajectory]:
    """Former participants whom nobody left in peace: contact not refused, not back again."""
    return Trajectory.objects.filter(
        phase=Trajectory.Phase.FORMER,
        follow_up_waived="",
        participant__contact__stopped_at__isnull=True,
    )


def to_call(stays: QuerySet[Trajectory], day: date) -> QuerySet[Any]:
    """Of `stays`, those with a call to make on `day`; annotated with what `due` needs."""
    waves = Invitation.objects.standing().filter(trajectory=OuterRef("pk"), wave=Wave.FOLLOW_UP)
    calls = FollowUpCall.objects.filter(trajectory=OuterRef("pk"))
    last_done = calls.filter(outcome__in=DONE).order_by("-at")
    blocks = Hold.objects.filter(trajectory=OuterRef("pk"), kind=Hold.Kind.BLOCKED)
    free_since = blocks.order_by("-days").values("days__endswith")[:1]
    annotated = stays.annotate(
        asked_on=Subquery(waves.values("opened_on")[:1]),
        free_since=Subquery(free_since),
        answered_on=Subquery(waves.values("answered_on")[:1]),
        called=Exists(calls.filter(outcome__in=DONE)),
        again_on=Subquery(last_done.values("again_on")[:1]),
        attempts=counted(calls.filter(outcome=Outcome.NOT_REACHED)),
    )
    long_ago = day - DAYS_OF_SILENCE
    could_answer = Q(free_since__isnull=True) | Q(free_since__lte=long_ago)
    silent = Q(asked_on__lte=long_ago) & could_answer
    first = Q(called=False) & on_hold.with_a_yes("") & (Q(answered_on__isnull=False) | silent)
    again = Q(called=True, again_on__lte=day)
    return annotated.filter(first | again)


def due(stay: Any) -> Due:
    if stay.called:
        return Due(stay.again_on, again=True)
    if stay.answered_on is not None:
        return Due(stay.answered_on, answered=True)
    return Due(max(stay.asked_on, stay.free_since or stay.asked_on) + DAYS_OF_SILENCE)


def of(trajectory: Trajectory) -> Due | None:
    """The call that waits for this stay today, or None."""
    found = to_call(may_be_asked().filter(pk=trajectory.pk), clock.today()).first()
    return due(found) if found is not None else None


@dataclass(frozen=True)
class Former:
    """Somebody to call, with what `due` needs. `free_since`: the end of the last block, if any."""

    id: UUID
    name: str
    group: UUID | None
    afterwards_by: str
    called: bool
    asked_on: date | None
    free_since: date | None
    answered_on: date | None
    again_on: date | None
    attempts: int


def _mine(user: Viewer) -> QuerySet[Any]:
    """Whom this worker calls or writes to today."""
    mine = may_be_asked().filter(pk__in=Trajectory.objects.visible_to(user).values("pk"))
    return to_call(mine, clock.today())


def _todo(row: Former, _asked: Asked) -> Todo:
    task = due(row)
    by_message = row.afterwards_by == Trajectory.Afterwards.MESSAGE
    title = _("Send %(name)s a message: how is it going?") if by_message else _("Call %(name)s")
    return Todo(
        kind=Kind.AFTERCARE,
        about=row.id,
        urgency=1 if task.again else 2,
        when=_("today") if task.again else _("this week"),
        title=title % {"name": row.name},
        reason=_why(row, task),
        action=_("Open aftercare"),
        url=reverse("questionnaires:aftercare", args=[row.id]),
        since=task.since,
        group_id=row.group,
        stay_id=row.id,
    )


def _why(row: Former, task: Due) -> str:
    day = date_format(task.since, "j F")
    if task.again:
        why = _("You agreed to talk again on %(day)s.") % {"day": day}
    elif task.answered:
        why = _("Answered the questions of three months later on %(day)s.") % {"day": day}
    else:
        why = _("The questions of three months later were not answered for two weeks.")
    if row.attempts:
        tried = _("Not reached %(n)s times so far.") % {"n": row.attempts}
        why = f"{why} {tried}"
    return str(why)


TO_CALL = Part(Facts(Former, _mine, {"name": "shown_name", "group": "group_id"}), each(_todo))
