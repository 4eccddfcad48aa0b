"""What waits because somebody told that something is not okay: for the named person, and when
there is an answer for the young person. Nothing for anybody else."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.ports import Todo, TodoRule
from participants.models import Complaint, ComplaintStep
from participants.permissions import HEAR_COMPLAINTS
from participants.todo_kinds import Kind

#: How long an answer is told on the start page.
TOLD = timedelta(days=14)


def _to_answer(user: Viewer) -> list[Todo]:
    if not may(user, HEAR_COMPLAINTS):
        return []
    answers = ComplaintStep.objects.filter(complaint=OuterRef("pk"), kind="answer")
    open_ones: QuerySet[Complaint] = Complaint.objects.visible_to(user).filter(closed_at=None)
    rows = open_ones.annotate(has_answer=Exists(answers)).order_by("told_at")
    return [
        Todo(
            kind=Kind.COMPLAINT,
            about=row.pk,
            urgency=2 if row.has_answer else 0,
            when=_("answer before %(day)s") % {"day": date_format(row.answer_by, "j F")},
            title=_("Somebody tells that something is not okay"),
            reason=_("Only you read this; the youth workers of the group do not know of it.")
            if not row.has_answer
            else _("You answered. Is it solved? Then close it."),
            action=_("Read and answer"),
            url=reverse("participants:complaint", args=[row.pk]),
            since=clock.day_of(row.told_at),
        )
        for row in rows
    ]


def _answered(user: Viewer) -> list[Todo]:
    """The words on a start page that somebody may look along at stay neutral."""
    fresh = ComplaintStep.objects.filter(
        complaint__in=Complaint.objects.visible_to(user),
        kind=ComplaintStep.Kind.ANSWER,
        at__gte=clock.now() - TOLD,
    )
    if not fresh.exists():
        return []
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
    TodoRule((Kind.OWN_SOMETHING_TOLD,), _answered, own=True),
    TodoRule((Kind.COMPLAINT,), _to_answer),
)
