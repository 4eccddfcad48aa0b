"""What waits because of a wave. Computed from facts: it is gone when the fact changes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Func, JSONField, OuterRef, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.audit.models import ReadEntry
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models.recusal import not_recused
from participants.permissions import DECIDE
from questionnaires.answers.answers_table import worth_a_talk
from questionnaires.cycle import calls, reminders
from questionnaires.cycle.facts import Standing
from questionnaires.cycle.own_reasons import in_one_line
from questionnaires.cycle.waves import is_late
from questionnaires.instrument.instrument import item_count
from questionnaires.models import ITEM_COUNT, PERSON, Draft, Invitation, Response, Wave
from questionnaires.permissions import SEE_ANSWERS, WRITE_BY_HAND
from questionnaires.todo_kinds import Kind

#: A talk that nobody had within this time no longer hangs on this answer.
KEPT = timedelta(days=28)


# ---- The young person's open wave ----------------------------------------------------------


@dataclass(frozen=True)
class OwnWave:
    """`reason`: why it came, as data (waves.py)."""

    id: UUID
    wave: str
    opened_on: date
    reason: Any
    begun: bool


def _own_waves(user: Viewer) -> QuerySet[Invitation]:
    return Invitation.objects.visible_to(user).open()


def _own(row: OwnWave, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.QUESTIONNAIRE,
        about=row.id,
        urgency=1 if row.wave in (Wave.BASELINE, Wave.EXIT) else 2,
        when=_("a few minutes"),
        title=_("%(total)d short questions") % {"total": item_count(Wave(row.wave))},
        reason=_why_it_came(row),
        action=_("Go on") if row.begun else _("Begin"),
        url=reverse("questionnaires:who_reads", args=[row.id]),
        since=row.opened_on,
    )


def _why_it_came(row: OwnWave) -> str:
    said = (
        _("Your answers so far are kept.")
        if row.begun
        else _("Your youth workers read your answers. You may skip any question.")
    )
    return f"{in_one_line(row.reason)} {said}".strip()


# ---- Who wants to talk, and whose answers ask for it (R-216) -------------------------------


@dataclass(frozen=True)
class Unread:
    """An answered wave that no worker has opened; `answers`: those of questions 1 to 22."""

    id: UUID
    stay: UUID
    name: str
    instrument: str
    answers: tuple[int | None, ...]
    submitted_at: datetime
    wants_to_talk: bool | None


def _unread(user: Viewer) -> QuerySet[Response]:
    """Until a worker opened the answers."""
    read = ReadEntry.objects.filter(
        record="answers",
        subject_ids__contains=[OuterRef("trajectory_id")],
        at__gte=Greatest(OuterRef("submitted_at"), OuterRef("talk_said_at")),
    )
    return Response.objects.visible_to(user).filter(
        ~Exists(read), submitted_at__gte=clock.now() - KEPT
    )


def _talk(row: Unread, _asked: Asked) -> Todo | None:
    """It names no answer: the start page is not a personal record, the answers page is."""
    if not (row.wants_to_talk or worth_a_talk(row.instrument, row.answers)):
        return None
    submitted_on = clock.day_of(row.submitted_at)
    return Todo(
        kind=Kind.QUESTIONNAIRE_TALK,
        about=row.id,
        urgency=1,
        when=_("this week"),
        title=_("Have a talk with %(name)s") % {"name": row.name},
        reason=(
            _("%(name)s would like to talk about the questions of %(day)s.")
            if row.wants_to_talk
            else _(
                "Something in the answers of %(day)s is worth a talk. It is an answer, "
                "not a measure of risk."
            )
        )
        % {"name": row.name, "day": date_format(submitted_on, "j F")},
        action=_("Read the answers"),
        url=reverse("questionnaires:answers", args=[row.stay]),
        since=submitted_on,
        stay_id=row.stay,
        lasts=True,
    )


# ---- Open after the last reminder: a text of the worker's own sometimes helps (R-207) ------


@dataclass(frozen=True)
class Silent:
    id: UUID
    stay: UUID
    name: str
    wave: str
    reason: Any
    opened_on: date


def _silences(user: Viewer) -> QuerySet[Any]:
    return (
        reminders.with_messages(reminders.reachable(clock.today()))
        .filter(reach(user, WRITE_BY_HAND).as_q("trajectory__group__"), not_recused(user, PERSON))
        .filter(left_alone_on__isnull=True)
        .filter(reminders.out_of_reminders(clock.today()))
    )


def _silent(row: Silent, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.QUESTIONNAIRE_SILENT,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("%(name)s has not filled in the questions yet") % {"name": row.name},
        reason=_("Open since %(day)s; a mail and two reminders were sent.")
        % {"day": date_format(row.opened_on, "j F")},
        action=_("Text to send yourself"),
        url=reverse("questionnaires:ready_text", args=[row.id]),
        since=row.opened_on,
        stay_id=row.stay,
    )


def _silent_and_late(row: Silent, asked: Asked) -> Todo:
    """C-13: of a baseline it says that the answers will be late ones."""
    todo = _silent(row, asked)
    known = Standing(row.wave, 1, row.opened_on, row.opened_on, reason=row.reason)
    if not is_late(known, clock.today()):
        return todo
    late = _("The second meeting has been, so answers now count as late.")
    return replace(todo, reason=f"{todo.reason} {late}")


NAME = "trajectory__shown_name"
OWN = Facts(OwnWave, _own_waves, {"begun": Exists(Draft.objects.filter(invitation=OuterRef("pk")))})
UNREAD = Facts(
    Unread,
    _unread,
    {
        "id": "pk",
        "stay": "trajectory_id",
        "name": NAME,
        "instrument": "instrument_id",
        "answers": Func(
            *(f"a{number:02d}" for number in range(1, ITEM_COUNT + 1)),
            function="JSONB_BUILD_ARRAY",
            output_field=JSONField(),
        ),
    },
)
SILENT = Facts(Silent, _silences, {"stay": "trajectory_id", "name": NAME})

#: Answers the port: a participant's open wave; a worker's talks, silent waves and calls.
RULES = (
    TodoRule((Kind.QUESTIONNAIRE,), parts=(Part(OWN, each(_own)),), own=True),
    TodoRule(
        (Kind.QUESTIONNAIRE_TALK,),
        parts=(Part(UNREAD, each(_talk)),),
        asks=lambda user: may(user, SEE_ANSWERS),
        of_a_stay=True,
    ),
    TodoRule(
        (Kind.QUESTIONNAIRE_SILENT,),
        parts=(Part(SILENT, each(_silent_and_late)),),
        asks=lambda user: may(user, WRITE_BY_HAND),
        of_a_stay=True,
    ),
    TodoRule(
        (Kind.AFTERCARE,),
        parts=(calls.TO_CALL,),
        asks=lambda user: may(user, DECIDE),
        of_a_stay=True,
    ),
)
