"""After a referral: two weeks later a person asks whether it really happened (warm hand-over).

A name on a note helps nobody. Did it not work out, then it is tried again together, there or with
the other of the two. After three times not reached it rests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import may
from core.errors import RuleBroken
from core.facts import Asked, Facts, nested
from core.ports import Part, Todo, TodoRule, each
from participants.models import HandOver, Referral, Trajectory
from participants.permissions import DECIDE
from participants.stay.lock import lock
from participants.todo_kinds import Kind

AFTER = timedelta(days=14)
#: Half a year later nobody calls out of the blue any more.
RESTS_AFTER = timedelta(days=183)
MOST_TRIES = 3
Outcome = HandOver.Outcome
SETTLED = (Outcome.ARRIVED, Outcome.DECLINED)


class Towards(Protocol):
    """A referral, or what was read of it."""

    @property
    def to(self) -> str: ...


class Tried(Protocol):
    """What a worker found out once: the row, or what was read of it."""

    @property
    def to(self) -> str: ...

    @property
    def outcome(self) -> str: ...

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class Course:
    """How a referral went on: where it is tried now, and when to ask again (None: over)."""

    to: str
    due_on: date | None
    tries: Sequence[Any]

    @property
    def place(self) -> str:
        return str(Referral.To(self.to).label)


def course_of(referral: Towards, told_on: date, tries: Sequence[Tried]) -> Course:
    """Pure: the referral, the day it was told, and what was found since, oldest first."""
    last = tries[-1] if tries else None
    to = last.to if last else referral.to
    not_reached = [t for t in tries if t.outcome == Outcome.NOT_REACHED]
    if last is not None and (last.outcome in SETTLED or len(not_reached) >= MOST_TRIES):
        return Course(to, None, tries)
    since = clock.day_of(last.at) if last else told_on
    return Course(to, since + AFTER, tries)


def course(stay: Trajectory) -> Course | None:
    """Of one stay; None when nobody was referred, or it was not told yet."""
    referral = Referral.objects.filter(trajectory=stay).first()
    if referral is None or stay.ended_on is None:
        return None
    tries = HandOver.objects.filter(referral=referral).select_related("by")
    return course_of(referral, stay.ended_on, list(tries))


@transaction.atomic
def record_hand_over(
    *, trajectory: Trajectory, outcome: str, by: User, to: str = "", note: str = ""
) -> HandOver:
    """What a worker found out; `to` when it is tried elsewhere now.

    Raises RuleBroken: "not_referred", "settled", "unknown_outcome".
    """
    lock(trajectory)
    now = course(trajectory)
    if now is None or trajectory.phase != Trajectory.Phase.REFERRED:
        raise RuleBroken(_("Nobody was referred here, or it was not told yet."), "not_referred")
    if now.due_on is None:
        raise RuleBroken(
            _("This is settled already. Read below what a colleague wrote down."), "settled"
        )
    if outcome not in Outcome.values or (to and to not in Referral.To.values):
        raise RuleBroken(_("Choose how it went."), "unknown_outcome", "outcome")
    return HandOver.objects.create(
        referral=Referral.objects.get(trajectory=trajectory),
        outcome=outcome,
        to=to or now.to,
        note=note.strip(),
        by=by,
        at=clock.now(),
    )


@dataclass(frozen=True)
class Try:
    to: str
    outcome: str
    at: datetime


@dataclass(frozen=True)
class Referred:
    """Somebody who was helped further, with what was found since, oldest first."""

    id: UUID
    name: str
    group: UUID | None
    ended_on: date
    to: str
    tries: tuple[Try, ...]


def _referred(user: Viewer) -> QuerySet[Trajectory]:
    """Of the worker's groups; "send nothing more" is obeyed: then nobody is asked."""
    today = clock.today()
    settled = HandOver.objects.filter(referral__trajectory=OuterRef("pk"), outcome__in=SETTLED)
    return (
        Trajectory.objects.visible_to(user)
        .filter(phase=Trajectory.Phase.REFERRED, referral__isnull=False)
        .filter(ended_on__lte=today - AFTER, ended_on__gte=today - RESTS_AFTER)
        .filter(~Exists(settled), participant__contact__stopped_at__isnull=True)
    )


def _to_ask(row: Referred, asked: Asked) -> Todo | None:
    """Due checks only."""
    now = course_of(row, row.ended_on, row.tries)
    if now.due_on is None or now.due_on > asked.day:
        return None
    return Todo(
        kind=Kind.HAND_OVER,
        about=row.id,
        urgency=1,
        when=_("two weeks later"),
        title=_("Did it work out for %(name)s?") % {"name": row.name},
        reason=_("Helped further since %(day)s: %(place)s. Ask whether it really happened.")
        % {"day": date_format(row.ended_on, "j F"), "place": now.place},
        action=_("Ask and write down"),
        url=reverse("participants:hand_over", args=[row.id]),
        since=now.due_on,
        group_id=row.group,
    )


REFERRED = Facts(
    Referred,
    _referred,
    {
        "name": "shown_name",
        "group": "group_id",
        "to": "referral__to",
        "tries": nested(HandOver.objects.filter(referral__trajectory=OuterRef("pk")), Try),
    },
)
RULES = (
    TodoRule(
        (Kind.HAND_OVER,),
        parts=(Part(REFERRED, each(_to_ask)),),
        asks=lambda user: may(user, DECIDE),
    ),
)
