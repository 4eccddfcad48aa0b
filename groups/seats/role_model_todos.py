"""What the workers of a group hear when somebody ends being an example on the own page (R-145).

Without the skill and without a reason: it says only that it ended. It goes by itself.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from groups.models import RoleModel
from groups.permissions import PLACE
from groups.todo_kinds import Kind

TOLD_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Ended:
    id: UUID
    name: str
    ended_on: date


def _ended(user: Viewer) -> QuerySet[Any]:
    rows = (
        RoleModel.objects.visible_to(user)
        .ended_by_themselves(user)
        .filter(end_seen_at__isnull=True)
    )
    return rows.filter(ended_on__gte=clock.today() - TOLD_FOR)


def _no_longer(row: Ended, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.ROLE_MODEL_ENDED,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("{name} would rather not be an example any more").format(name=row.name),
        reason=_("Said so on the own page, {day}. No reason is needed.").format(
            day=date_format(row.ended_on, "j F")
        ),
        action=_("We know"),
        url=reverse("groups:role_model_ended", args=[row.id]),
        post=True,
    )


def _leads(user: Viewer) -> bool:
    return may(user, PLACE)


ENDED = Facts(Ended, _ended, {"name": "trajectory__shown_name"})
RULES = (TodoRule((Kind.ROLE_MODEL_ENDED,), parts=(Part(ENDED, each(_no_longer)),), asks=_leads),)
