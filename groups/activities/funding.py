"""*Does this cost too much for you?*: told to the youth workers alone, and settled by them (R-098).

Participants pay for activities themselves (R-097); in exceptional cases there is special funding.
Asking takes no reason and no proof. Only who leads the group now reads it: not the group, not the
coordinator. The to-do names neither money nor activity, since others look along on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
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
from core.locks import lock_again
from core.ports import Part, Todo, each
from groups.activities.taking_part import lock_member
from groups.models import Activity, FundingRequest
from groups.permissions import HANDLE_FUNDING
from groups.todo_kinds import Kind
from participants.models import Trajectory


@transaction.atomic
def ask(
    *, trajectory: Trajectory, activity: Activity | None, words: str = "", by: User
) -> FundingRequest:
    """By the young person, or by a worker who was told; asked again while it waits, the words of
    the last time stand beside those before.

    Raises RuleBroken: not_your_group.
    """
    if trajectory.group_id is None:
        raise RuleBroken(_("This is not an activity of your group."), "not_your_group")
    lock_member(trajectory, activity.group_id if activity is not None else trajectory.group_id)
    words = words.strip()
    row = waiting_for(trajectory, activity)
    if row is None:
        return FundingRequest.objects.create(
            trajectory=trajectory, activity=activity, words=words, asked_at=clock.now(), asked_by=by
        )
    if words and words not in row.words:
        row.words = f"{row.words}\n{words}".strip()
        row.save(update_fields=["words"])
    return row


@transaction.atomic
def take_back(*, trajectory: Trajectory, activity: Activity | None) -> None:
    """Not any more; nothing waits: nothing happens."""
    lock_again(trajectory)
    FundingRequest.objects.waiting().filter(trajectory=trajectory, activity=activity).update(
        taken_back_at=clock.now()
    )


@transaction.atomic
def settle(
    *,
    request: FundingRequest,
    outcome: str,
    by: User,
    amount_cents: int | None = None,
    note: str = "",
) -> FundingRequest:
    """What came of it, registered for the youth workers. A second time corrects the first.

    Raises RuleBroken: unknown_outcome, taken_back.
    """
    if outcome not in FundingRequest.Outcome.values:
        raise RuleBroken(_("Choose what came of it."), "unknown_outcome", "outcome")
    lock_again(request)
    if request.taken_back_at is not None:
        raise RuleBroken(
            _("This was taken back meanwhile. Nothing is asked any more."), "taken_back"
        )
    request.outcome, request.amount_cents, request.note = outcome, amount_cents, note.strip()
    request.settled_at, request.settled_by = clock.now(), by
    request.save(update_fields=["outcome", "amount_cents", "note", "settled_at", "settled_by"])
    return request


def waiting_for(trajectory: Trajectory, activity: Activity | None) -> FundingRequest | None:
    """What this person asked and nobody settled yet."""
    rows = FundingRequest.objects.waiting().filter(trajectory=trajectory, activity=activity)
    return rows.first()


# ---- What waits for the workers ----------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    id: UUID
    stay: UUID
    name: str
    asked_at: datetime


def _waiting(user: Viewer) -> QuerySet[Any]:
    rows = FundingRequest.objects.visible_to(user).waiting()
    return rows.exclude(trajectory__phase__in=Trajectory.Phase.OVER)


def _asks(row: Asking, asked: Asked) -> Todo:
    return Todo(
        kind=Kind.FUNDING,
        about=row.id,
        urgency=1,
        when=_("soon"),
        title=_("{name} asks you something").format(name=row.name),
        reason=_("Only the youth workers of this group read it."),
        action=_("Read"),
        url=reverse("groups:funding", args=[row.id]),
        since=clock.day_of(row.asked_at),
        stay_id=row.stay,
    )


FUNDING = Part(
    Facts(
        Asking,
        _waiting,
        {"stay": "trajectory_id", "name": "trajectory__shown_name"},
    ),
    each(_asks),
)


def is_asked(user: Viewer) -> bool:
    return may(user, HANDLE_FUNDING)
