"""What waits because somebody asked about their data: for the worker, the coordinator, and, when
there is an answer, for the young person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from participants.models import DataRequest
from participants.permissions import ANSWER_REQUESTS
from participants.todo_kinds import Kind

#: From so many days before the due date on the coordinator is told as well.
NEAR = timedelta(days=7)
#: How long an answer is told on the start page.
TOLD = timedelta(days=14)
TITLES = {
    "copy": lambda name: _("%(name)s asks to read everything") % {"name": name},
    "correction": lambda name: _("%(name)s says that something is not right") % {"name": name},
    "deletion": lambda name: _("%(name)s asks us to erase their details") % {"name": name},
}


@dataclass(frozen=True)
class Asking:
    """An open request about own data."""

    id: UUID
    name: str
    group: UUID | None
    kind: str
    asker: str
    asked_at: datetime
    due_on: date


def _open(user: Viewer) -> QuerySet[DataRequest]:
    return DataRequest.objects.visible_to(user).open()


def _to_answer(row: Asking, asked: Asked) -> Todo:
    near = asked.day + NEAR
    return Todo(
        kind=Kind.DATA_REQUEST,
        about=row.id,
        urgency=0 if row.due_on <= asked.day else 1 if row.due_on <= near else 2,
        when=_when(row.due_on, asked.day),
        title=_title(row),
        reason=_("A parent asked. First hear the young person.")
        if row.asker == DataRequest.Asker.PARENT
        else _("Everybody may ask this; we answer within a month."),
        action=_("Read and answer"),
        url=reverse("participants:data_request", args=[row.id]),
        since=clock.day_of(row.asked_at),
        group_id=row.group,
    )


def _title(row: Asking) -> str:
    if row.asker == DataRequest.Asker.PARENT:
        return _("A parent of %(name)s asks about data") % {"name": row.name}
    return TITLES[row.kind](row.name)


# ---- For the coordinator: that it waits, in which group; not who asked, nor what -----------


@dataclass(frozen=True)
class Late:
    id: UUID
    group: UUID
    group_name: str
    due_on: date


def _late(user: Viewer) -> QuerySet[DataRequest]:
    return DataRequest.objects.late_for(user, clock.today() + NEAR)


def _to_hurry(row: Late, asked: Asked) -> Todo:
    return Todo(
        kind=Kind.DATA_REQUEST_LATE,
        about=row.id,
        urgency=0 if row.due_on < asked.day else 1,
        when=_when(row.due_on, asked.day),
        title=_("A question about own data waits at %(group)s") % {"group": row.group_name},
        reason=_("The law gives us one month. Ask the youth workers of the group."),
        action=_("Open the group"),
        url=reverse("groups:group", args=[row.group]),
        since=row.due_on,
        group_id=row.group,
    )


def _when(due_on: date, today: date) -> str:
    """The due date, also once it has passed."""
    due = date_format(due_on, "j F")
    if due_on < today:
        return _("too late since %(day)s") % {"day": due}
    return _("before %(day)s") % {"day": due}


# ---- For the young person: there is an answer ----------------------------------------------


@dataclass(frozen=True)
class Answered:
    id: UUID


def _answered(user: Viewer) -> QuerySet[DataRequest]:
    return (
        DataRequest.objects.visible_to(user)
        .filter(asker=DataRequest.Asker.SELF, answered_at__gte=clock.now() - TOLD)
        .exclude(outcome=DataRequest.Outcome.TAKEN_BACK)
    )


def _to_read(_rows: list[Answered], _asked: Asked) -> list[Todo]:
    """One, however many questions were answered: all answers stand on the one page."""
    return [
        Todo(
            kind=Kind.OWN_DATA_ANSWERED,
            urgency=2,
            when=_("an answer"),
            title=_("There is an answer to your question"),
            reason=_("You asked something about what we know about you."),
            action=_("Read the answer"),
            url=reverse("participants:known"),
        )
    ]


def _answers(user: Viewer) -> bool:
    return may(user, ANSWER_REQUESTS)


OPEN = Facts(
    Asking,
    _open,
    {"name": "trajectory__shown_name", "group": "trajectory__group_id"},
)
LATE = Facts(
    Late, _late, {"group": "trajectory__group_id", "group_name": "trajectory__group__name"}
)
ANSWERED = Facts(Answered, _answered)
RULES = (
    TodoRule(
        (Kind.OWN_DATA_ANSWERED,), parts=(Part(Facts(Answered, _answered), _to_read),), own=True
    ),
    TodoRule((Kind.DATA_REQUEST,), parts=(Part(OPEN, each(_to_answer)),), asks=_answers),
    TodoRule((Kind.DATA_REQUEST_LATE,), parts=(Part(LATE, each(_to_hurry)),), asks=_answers),
)
