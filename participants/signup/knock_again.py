"""Somebody who left fills in the sign-up form again (R-195): a person looks at it, kindly.

The form says the same to everybody. The one we know gets a message of their own, unless contact
was refused; the workers of today find a to-do until somebody spoke, or an exception was made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.facts import Asked, Facts
from core.messaging.models import Message
from core.ports import Part, Todo, TodoRule, each
from participants.models import FollowUpCall, ReturnException, Trajectory
from participants.permissions import DECIDE
from participants.signup.mail import KNOCKED
from participants.todo_kinds import Kind

KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Knocked:
    id: UUID
    name: str
    group: UUID | None
    knocked_at: datetime


def _knocked(user: Viewer) -> QuerySet[Any]:
    knocks = Message.objects.filter(
        kind=KNOCKED, subject_id=OuterRef("pk"), written_at__gte=clock.now() - KEPT
    ).order_by("-written_at")
    stays = (
        Trajectory.objects.visible_to(user)
        .filter(phase=Trajectory.Phase.FORMER)
        .annotate(knocked_at=Subquery(knocks.values("written_at")[:1]))
        .filter(knocked_at__isnull=False)
    )
    spoken = FollowUpCall.objects.filter(
        trajectory=OuterRef("pk"), at__gte=OuterRef("knocked_at"), outcome__in=FollowUpCall.TALKS
    )
    allowed = ReturnException.objects.standing().filter(
        participant=OuterRef("participant"), at__gte=OuterRef("knocked_at")
    )
    return stays.exclude(Exists(spoken)).exclude(Exists(allowed))


def _todo(row: Knocked, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.KNOCKED,
        about=row.id,
        urgency=1,
        when=_("new"),
        title=_("%(name)s would like to come back") % {"name": row.name},
        reason=_("Filled in the sign-up form again. Call: what happened, and what fits now?"),
        action=_("See what is possible"),
        url=reverse("participants:allow_return", args=[row.id]),
        since=clock.day_of(row.knocked_at),
        group_id=row.group,
        stay_id=row.id,
    )


KNOCKS = Facts(Knocked, _knocked, {"name": "shown_name", "group": "group_id"})
RULES = (
    TodoRule(
        (Kind.KNOCKED,),
        parts=(Part(KNOCKS, each(_todo)),),
        asks=lambda user: may(user, DECIDE),
        of_a_stay=True,
    ),
)
