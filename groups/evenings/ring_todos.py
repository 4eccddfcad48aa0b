"""*Three people do not know it yet*: one to-do for each act, however many people it is (R-376)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.facts import Asked, Facts
from core.ports import Part, Todo
from groups.evenings.told_words import sentence
from groups.evenings.who_hears import Line
from groups.models import MeetingChange, Notice
from groups.permissions import PLACE
from groups.todo_kinds import Kind


@dataclass(frozen=True)
class ToRing:
    """Somebody who has to be told by a person; `meeting`, `was`, `now`: of the act, the first."""

    id: UUID
    act: UUID
    group: UUID
    group_name: str
    before: datetime
    made_at: datetime
    meeting: UUID
    was: datetime | None
    now: datetime | None


def _to_ring(user: Viewer) -> QuerySet[Any]:
    first = MeetingChange.objects.filter(act=OuterRef("act")).order_by("was", "now")
    rows = Notice.objects.visible_to(user).filter(reach(user, PLACE).as_q("group__"))
    return rows.by_hand(clock.now()).annotate(
        about=Subquery(first.values("meeting")[:1]),
        was=Subquery(first.values("was")[:1]),
        now=Subquery(first.values("now")[:1]),
    )


def _ring(rows: list[ToRing], asked: Asked) -> list[Todo]:
    by_act: dict[UUID, list[ToRing]] = defaultdict(list)
    for row in rows:
        by_act[row.act].append(row)
    return [_of_act(of_act, asked) for of_act in by_act.values()]


def _of_act(rows: list[ToRing], asked: Asked) -> Todo:
    one = min(rows, key=lambda row: (row.before, row.id))
    at_once = clock.day_of(one.before) <= clock.evening_of(asked.now)
    number = len(rows)
    return Todo(
        kind=Kind.RING,
        about=one.act,
        urgency=0 if at_once else 1,
        when=_("now") if at_once else _("today"),
        title=ngettext(
            "{n} person does not know it yet", "{n} people do not know it yet", number
        ).format(n=number),
        reason=f"{one.group_name}: {_sentence(one)}",
        action=_("Tell them"),
        url=reverse("groups:told", args=[one.meeting]),
        since=clock.day_of(one.made_at),
        group_id=one.group,
    )


def _sentence(row: ToRing) -> str:
    return sentence(Line(row.meeting, row.was, row.now).says, row.was, row.now)


RING = Part(
    Facts(
        ToRing,
        _to_ring,
        {
            "group": "group_id",
            "group_name": "group__name",
            "meeting": "about",
        },
    ),
    _ring,
)
