"""What waits about messages: ready texts, and those that did not arrive."""

from dataclasses import dataclass
from datetime import datetime
from enum import auto
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.facts import Asked, Facts
from core.messaging.letters import lost_for, why_and_mend
from core.messaging.models import Message
from core.messaging.outbox import HAS_A_PAGE
from core.names import isolated
from core.ports import Part, Todo, TodoKind, TodoRule, each


class Kind(TodoKind):
    MESSAGE = auto()
    MESSAGES_LOST = auto()


@dataclass(frozen=True)
class Stuck:
    """A ready text whose moment has come, or a message that could not be delivered."""

    id: UUID
    name: str
    state: str
    reason: str
    had_secret: bool
    written_at: datetime


def _stuck(user: Viewer) -> QuerySet[Message]:
    ready = Q(
        state=Message.State.QUEUED,
        channel=Message.Channel.WORKER_TEXT,
        not_before__lte=clock.now(),
    )
    waits = Message.objects.visible_to(user).filter(Q(state=Message.State.DEAD) | ready)
    return waits.filter(contact__held_since__isnull=True).exclude(params__has_key=HAS_A_PAGE)


def _message(row: Stuck, _asked: Asked) -> Todo:
    dead = row.state == Message.State.DEAD
    return Todo(
        kind=Kind.MESSAGE,
        about=row.id,
        urgency=1 if dead else 2,
        when=_("not delivered") if dead else _("ready text"),
        title=_("Message for %(name)s") % {"name": isolated(row.name)},
        reason=" ".join(why_and_mend(row.reason, had_secret=row.had_secret))
        if dead
        else _("E-mail is not safe here: send this text yourself."),
        action=_("Open the message"),
        url=reverse("home:message", args=[row.id]),
        since=clock.day_of(row.written_at),
    )


@dataclass(frozen=True)
class Lost:
    number: int


def _lost(user: Viewer) -> QuerySet[Any]:
    """All dead letters of no group, as one number."""
    return lost_for(user).values("group").annotate(number=Count("pk"))


def _lost_ones(row: Lost, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.MESSAGES_LOST,
        urgency=2,
        when=_("not delivered"),
        title=_("Messages of no group that did not arrive: %(n)s") % {"n": row.number},
        reason=_("You see what they were and why, not for whom."),
        action=_("Look at them"),
        url=reverse("home:messages"),
    )


RULES = (
    TodoRule(
        (Kind.MESSAGE,),
        parts=(Part(Facts(Stuck, _stuck, {"name": "contact__name"}), each(_message)),),
    ),
    TodoRule((Kind.MESSAGES_LOST,), parts=(Part(Facts(Lost, _lost), each(_lost_ones)),)),
)
