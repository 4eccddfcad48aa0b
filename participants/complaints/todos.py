"""What waits because somebody told that something is not okay: for the named person, and when
there is an answer for the young person. Nothing for anybody else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models import Complaint, ComplaintStep
from participants.permissions import HEAR_COMPLAINTS
from participants.todo_kinds import Kind

#: How long an answer is told on the start page.
TOLD = timedelta(days=14)


@dataclass(frozen=True)
class OpenComplaint:
    """A complaint that is not closed; its words stay where they are."""

    id: UUID
    told_at: datetime
    answer_by: date
    has_answer: bool


def _open(user: Viewer) -> QuerySet[Complaint]:
    answers = ComplaintStep.objects.filter(complaint=OuterRef("pk"), kind="answer")
    rows = Complaint.objects.visible_to(user).filter(closed_at=None)
    return rows.annotate(has_answer=Exists(answers))


def _to_answer(row: OpenComplaint, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.COMPLAINT,
        about=row.id,
        urgency=2 if row.has_answer else 0,
        when=_("answer before %(day)s") % {"day": date_format(row.answer_by, "j F")},
        title=_("Somebody tells that something is not okay"),
        reason=_("Only you read this; the youth workers of the group do not know of it.")
        if not row.has_answer
        else _("You answered. Is it solved? Then close it."),
        action=_("Read and answer"),
        url=reverse("participants:complaint", args=[row.id]),
        since=clock.day_of(row.told_at),
    )


@dataclass(frozen=True)
class Answer:
    id: UUID


def _fresh(user: Viewer) -> QuerySet[ComplaintStep]:
    return ComplaintStep.objects.filter(
        complaint__in=Complaint.objects.visible_to(user),
        kind=ComplaintStep.Kind.ANSWER,
        at__gte=clock.now() - TOLD,
    )


def _to_read(_rows: list[Answer], _asked: Asked) -> list[Todo]:
    """The words on a start page that somebody may look along at stay neutral."""
    return [
        Todo(
            kind=Kind.OWN_SOMETHING_TOLD,
            urgency=2,
            when=_("an answer"),
            title=_("There is an answer for you"),
            reason=_("Read it when nobody looks along."),
            action=_("Read"),
            url=reverse("participants:not_okay"),
        )
    ]


RULES = (
    TodoRule((Kind.OWN_SOMETHING_TOLD,), parts=(Part(Facts(Answer, _fresh), _to_read),), own=True),
    TodoRule(
        (Kind.COMPLAINT,),
        parts=(Part(Facts(OpenComplaint, _open), each(_to_answer)),),
        asks=lambda user: may(user, HEAR_COMPLAINTS),
    ),
)
