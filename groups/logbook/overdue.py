"""A held meeting in whose logbook nobody wrote, some days later: overdue (R-142).

One word, one state or one talk is a logbook. The workers have a to-do; the coordinator reads it as
a sign of the group (`joinus.home.attention`), with the same days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from groups.models import LogbookPart, Meeting, Talk
from groups.models.moments import has_ended
from groups.permissions import WRITE_LOGBOOK
from groups.seats.newcomers import ago
from groups.todo_kinds import Kind

#: Of a meeting longer ago than this nobody asks any more.
LOOK_BACK = timedelta(days=60)


def due_on(day: date) -> date:
    """Meetings of this day and before should have a logbook by `day`."""
    return day - timedelta(days=settings.LOGBOOK_OVERDUE_DAYS)


@dataclass(frozen=True)
class Unkept:
    """A meeting without a logbook."""

    id: UUID
    day: date
    group: str


def without_logbook() -> Q:
    """Held, over, and nobody wrote anything about it."""
    here = OuterRef("pk")
    parts = LogbookPart.objects.filled().filter(meeting=here).exclude(kind="feedback")
    talks = Talk.objects.in_force().filter(meeting=here)
    held = Q(status=Meeting.Status.HELD) & has_ended(clock.now())
    return held & ~Exists(parts) & ~Exists(talks)


def _unkept(user: Viewer) -> QuerySet[Any]:
    return Meeting.objects.filter(
        without_logbook(),
        reach(user, WRITE_LOGBOOK).as_q("group__"),
        date__gte=clock.today() - LOOK_BACK,
    )


def _write_it(row: Unkept, asked: Asked) -> Todo | None:
    if row.day > due_on(asked.day):
        return None
    return Todo(
        kind=Kind.LOGBOOK,
        about=row.id,
        urgency=2,
        when=ago(row.day, asked.day),
        title=_("The logbook of {day}").format(day=date_format(row.day, "j F")),
        reason=_("{group}: nobody has written in it yet. A few taps are enough.").format(
            group=row.group
        ),
        action=_("Fill in"),
        url=reverse("groups:logbook", args=[row.id]),
        since=row.day,
    )


UNKEPT = Facts(Unkept, _unkept, {"day": "date", "group": "group__name"})
RULE = TodoRule(
    (Kind.LOGBOOK,),
    parts=(Part(UNKEPT, each(_write_it)),),
    asks=lambda user: may(user, WRITE_LOGBOOK),
)
