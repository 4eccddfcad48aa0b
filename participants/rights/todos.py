"""What waits because somebody asked about their data: for the worker, the coordinator, and, when
there is an answer, for the young person."""

from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.ports import Todo, TodoRule
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
    "deletion": lambda name: _("%(name)s asks to be erased") % {"name": name},
}


def _to_answer(user: Viewer) -> list[Todo]:
    if not may(user, ANSWER_REQUESTS):
        return []
    today = clock.today()
    rows = DataRequest.objects.visible_to(user).open().select_related("trajectory__participant")
    return [
        Todo(
            kind=Kind.DATA_REQUEST,
            about=row.pk,
            urgency=0 if row.due_on <= today else 1 if row.due_on <= today + NEAR else 2,
            when=_when(row),
            title=_title(row),
            reason=_("A parent asked. First hear the young person.")
            if row.asker == DataRequest.Asker.PARENT
            else _("Everybody may ask this; we answer within a month."),
            action=_("Read and answer"),
            url=reverse("participants:data_request", args=[row.pk]),
            since=clock.day_of(row.asked_at),
            group_id=row.trajectory.group_id,
        )
        for row in rows
    ]


def _late(user: Viewer) -> list[Todo]:
    """For the coordinator: that it waits, in which group; not who asked, nor what."""
    if not may(user, ANSWER_REQUESTS):
        return []
    rows = DataRequest.objects.late_for(user, clock.today() + NEAR).select_related(
        "trajectory__group"
    )
    return [
        Todo(
            kind=Kind.DATA_REQUEST_LATE,
            about=row.pk,
            urgency=0 if row.due_on < clock.today() else 1,
            when=_when(row),
            title=_("A question about own data waits at %(group)s")
            % {"group": row.trajectory.group},
            reason=_("The law gives us one month. Ask the youth workers of the group."),
            action=_("Open the group"),
            url=reverse("groups:group", args=[row.trajectory.group_id]),
            since=row.due_on,
            group_id=row.trajectory.group_id,
        )
        for row in rows
    ]


def _when(row: DataRequest) -> str:
    """The due date, also once it has passed."""
    due = date_format(row.due_on, "j F")
    if row.due_on < clock.today():
        return _("too late since %(day)s") % {"day": due}
    return _("before %(day)s") % {"day": due}


def _answered(user: Viewer) -> list[Todo]:
    """One, however many questions were answered: all answers stand on the one page."""
    rows = DataRequest.objects.visible_to(user).filter(
        asker=DataRequest.Asker.SELF, answered_at__gte=clock.now() - TOLD
    )
    if not rows.exclude(outcome=DataRequest.Outcome.TAKEN_BACK).exists():
        return []
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


def _title(row: DataRequest) -> str:
    if row.asker == DataRequest.Asker.PARENT:
        name = row.trajectory.participant.call_name
        return _("A parent of %(name)s asks about data") % {"name": name}
    return TITLES[row.kind](row.trajectory.participant.call_name)


RULES = (
    TodoRule((Kind.OWN_DATA_ANSWERED,), _answered, own=True),
    TodoRule((Kind.DATA_REQUEST,), _to_answer),
    TodoRule((Kind.DATA_REQUEST_LATE,), _late),
)
