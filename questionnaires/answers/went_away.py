"""A questionnaire that stood on somebody's page and is there no more is explained where they look.

Computed from the waves themselves, nothing is kept: what had stood on a day before the day it went
could have been seen or mailed, so it is told for two weeks. What came and went within one evening
was never told to anybody, and is not explained either.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from core import clock
from questionnaires.cycle.own_reasons import why_it_went
from questionnaires.cycle.reasons import NOT_OVER
from questionnaires.models import Invitation

TOLD = timedelta(days=14)
State = Invitation.State


@dataclass(frozen=True)
class WentAway:
    """`day`: the day it had opened, by which a young person knows it."""

    id: UUID
    day: date
    why: str


def told_of(waves: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Without what was taken back because its evening was not over: nobody heard of that."""
    known = waves.alias(why_gone=_of_withdrawn("why"))
    return known.filter(Q(why_gone__isnull=True) | ~Q(why_gone=NOT_OVER))


def _of_withdrawn(key: str) -> KeyTextTransform:
    return KeyTextTransform(key, KeyTextTransform("withdrawn", "reason"))


def lately(waves: QuerySet[Invitation]) -> QuerySet[Any]:
    """Of these waves the ones to tell about today: withdrawn, closed with the stay, or run out.

    Where a newer one of the stay stands or stood, that one is what they look at.
    """
    withdrawn_on = Cast(_of_withdrawn("on"), DateField())
    newer = Invitation.objects.standing().filter(
        ~Q(pk=OuterRef("pk")),
        trajectory=OuterRef("trajectory"),
        opened_on__gte=OuterRef("opened_on"),
    )
    gone = told_of(waves).annotate(
        went_on=Case(
            When(state=State.WITHDRAWN, then=withdrawn_on),
            When(state=State.CLOSED, then=F("trajectory__ended_on")),
            When(state=State.MISSED, reason__missed__has_key="days", then=F("due_on")),
        )
    )
    return gone.filter(
        ~Exists(newer),
        went_on__gt=clock.today() - TOLD,
        opened_on__lt=F("went_on"),
    ).order_by("-went_on", "-pk")


def told(row: dict[str, Any]) -> WentAway:
    """`row`: id, state, reason and opened_on as JSON has them."""
    return WentAway(
        UUID(row["id"]),
        date.fromisoformat(row["opened_on"]),
        why_it_went(row["state"], row["reason"]),
    )


def before(invitation: Invitation) -> WentAway | None:
    """What stood in the place of this opening and went, when that could have been seen (R-351)."""
    if invitation.opening == 1:
        return None
    rows = Invitation.objects.filter(
        trajectory=invitation.trajectory_id,
        wave=invitation.wave,
        sequence=invitation.sequence,
        opening=invitation.opening - 1,
        state=State.WITHDRAWN,
    )
    for row in rows:
        gone = row.reason.get("withdrawn", {})
        if gone.get("why") != NOT_OVER and row.opened_on.isoformat() < gone.get("on", ""):
            return WentAway(row.pk, row.opened_on, why_it_went(row.state, row.reason))
    return None
