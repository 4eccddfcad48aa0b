"""What waits for a coordinator: a thread somebody wants to talk over, under another name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from challenges.models import ThreadSharing
from challenges.permissions import COACH
from challenges.todo_kinds import Kind
from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.dates import in_full
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each


@dataclass(frozen=True)
class Shared:
    id: UUID
    pseudonym: str
    until: datetime


def _shared(user: Viewer) -> QuerySet[ThreadSharing]:
    return ThreadSharing.objects.visible_to(user).standing(clock.now())


SHARED = Facts(Shared, _shared)


def _todo(row: Shared, asked: Asked) -> Todo:
    return Todo(
        kind=Kind.THREAD_SHARED,
        urgency=3,
        when=_("coaching"),
        title=_("Talk about {name}").format(name=row.pseudonym),
        reason=_("A youth worker shares this, without the name, until {day}.").format(
            day=in_full(row.until)
        ),
        action=_("Open"),
        url=reverse("challenges:under_another_name", args=[row.id]),
        about=row.id,
    )


RULES = (
    TodoRule(
        (Kind.THREAD_SHARED,),
        parts=(Part(SHARED, each(_todo)),),
        asks=lambda user: may(user, COACH),
    ),
)
