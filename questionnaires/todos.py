"""What waits because of a wave. Computed from facts: it is gone when the fact changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Func,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.audit.models import ReadEntry
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models import Hold
from participants.models.recusal import not_recused
from participants.permissions import DECIDE
from questionnaires.answers.answers_table import worth_a_talk
from questionnaires.cycle import calls, on_hold, reminders
from questionnaires.instrument.instrument import item_count
from questionnaires.models import ITEM_COUNT, PERSON, Draft, Invitation, Response, Wave
from questionnaires.permissions import SEE_ANSWERS, WRITE_BY_HAND
from questionnaires.todo_kinds import Kind

#: A talk that nobody had within this time no longer hangs on this answer.
KEPT = timedelta(days=28)


# ---- The young person's open wave ----------------------------------------------------------


@dataclass(frozen=True)
class OwnWave:
    id: UUID
    wave: str
    opened_on: date
    begun: bool


def _own_waves(user: Viewer) -> QuerySet[Invitation]:
    return Invitation.objects.visible_to(user).open().filter(on_hold.asked())


def _own(row: OwnWave, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.QUESTIONNAIRE,
        about=row.id,
        urgency=1 if row.wave in (Wave.BASELINE, Wave.EXIT) else 2,
        when=_("a few minutes"),
        title=_("%(total)d short questions") % {"total": item_count(Wave(row.wave))},
        reason=_("Your answers so far are kept.")
        if row.begun
        else _("Your youth workers read your answers. You may skip any question."),
        action=_("Go on") if row.begun else _("Begin"),
        url=reverse("questionnaires:who_reads", args=[row.id]),
        since=row.opened_on,
    )


# ---- Who wants to talk, and whose answers ask for it (R-216) -------------------------------


@dataclass(frozen=True)
class Unread:
    """An answered wave that no worker has opened; `answers`: those of questions 1 to 22.

    `waits`: a needed yes is missing; `heard`: somebody opened the file since.
    """

    id: UUID
    stay: UUID
    name: str
    instrument: str
    answers: tuple[int | None, ...]
    submitted_at: datetime
    talk_said_at: datetime | None
    wants_to_talk: bool | None
    waits: bool
    heard: bool


def _unread(user: Viewer) -> QuerySet[Response]:
    """Until a worker opened the answers."""
    read = ReadEntry.objects.filter(
        record="answers",
        subject_ids__contains=[OuterRef("trajectory_id")],
        at__gte=Greatest(OuterRef("submitted_at"), OuterRef("talk_said_at")),
    )
    block = Hold.objects.filter(
        trajectory=OuterRef("trajectory"), kind=Hold.Kind.BLOCKED, days__endswith__isnull=True
    )
    began = Coalesce("from_at", Cast("days__startswith", DateTimeField()))
    unread = Response.objects.visible_to(user).filter(
        ~Exists(read), submitted_at__gte=clock.now() - KEPT
    )
    file = ReadEntry.objects.filter(
        record="file",
        subject_ids__contains=[OuterRef("trajectory_id")],
        at__gte=Greatest(OuterRef("talk_said_at"), OuterRef("began")),
    )
    waits = ExpressionWrapper(~on_hold.with_a_yes(), output_field=BooleanField())
    since = Subquery(block.values(at=began)[:1], output_field=DateTimeField())
    return unread.annotate(began=since, waits=waits).annotate(heard=Exists(file))


def _talk(row: Unread, _asked: Asked) -> Todo | None:
    """It names no answer: the start page is not a personal record, the answers page is.

    While a needed yes is missing nobody is approached about a questionnaire (R-350): what the
    answers say asks for no talk, it waits. But whoever said "yes, please" asked for a person, and
    was told that somebody comes; that stands, without the questionnaire, in the file (C-28 and
    R-104 keep somebody from a list, not from a talk).
    """
    if row.waits:
        return _asked_for_somebody(row)
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


def _asked_for_somebody(row: Unread) -> Todo | None:
    """Until a worker opened the file, after the wish was said and the yes was taken back."""
    if not row.wants_to_talk or row.heard:
        return None
    said_on = clock.day_of(row.talk_said_at or row.submitted_at)
    return Todo(
        kind=Kind.TALK_ASKED,
        about=row.id,
        urgency=1,
        when=_("this week"),
        title=_("Have a talk with %(name)s") % {"name": row.name},
        reason=_("%(name)s asked for a talk with you on %(day)s.")
        % {"name": row.name, "day": date_format(said_on, "j F")},
        action=_("Open the file"),
        url=reverse("home:file", args=[row.stay]),
        since=said_on,
        stay_id=row.stay,
        lasts=True,
    )


# ---- Open after the last reminder: a text of the worker's own sometimes helps (R-207) ------


@dataclass(frozen=True)
class Silent:
    """`became`: of this opening's messages how many left, of those by hand, and were lost."""

    id: UUID
    stay: UUID
    name: str
    opened_on: date
    became: tuple[int, ...]


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
        reason=_told(row)
        % {
            "day": date_format(row.opened_on, "j F"),
            "name": row.name,
            "number": row.became[0],
        },
        action=_("Text to send yourself"),
        url=reverse("questionnaires:ready_text", args=[row.id]),
        since=row.opened_on,
        stay_id=row.stay,
    )


def _told(row: Silent) -> str:
    """Only what really left was sent; what was lost is said, and what helps."""
    left, by_hand, lost = row.became
    if lost and not left:
        return _(
            "Open since %(day)s. The mails did not arrive: ask %(name)s for the right address, or "
            "send a text yourself."
        )
    if lost:
        return _(
            "Open since %(day)s. Not every message arrived: ask %(name)s for the right address."
        )
    if left != THE_USUAL:
        return _("Open since %(day)s; %(number)s messages were sent.")
    if by_hand:
        return _("Open since %(day)s; a message and two reminders were sent.")
    return _("Open since %(day)s; a mail and two reminders were sent.")


#: Messages about a wave, unless somebody chose a day: the first one and the reminders.
THE_USUAL = 1 + len(reminders.REMINDERS_AFTER)
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
SILENT = Facts(
    Silent,
    _silences,
    {
        "stay": "trajectory_id",
        "name": NAME,
        "became": reminders.became(),
    },
)

#: Answers the port: a participant's open wave; a worker's talks, silent waves and calls.
RULES = (
    TodoRule((Kind.QUESTIONNAIRE,), parts=(Part(OWN, each(_own)),), own=True),
    TodoRule(
        (Kind.QUESTIONNAIRE_TALK, Kind.TALK_ASKED),
        parts=(Part(UNREAD, each(_talk)),),
        asks=lambda user: may(user, SEE_ANSWERS),
        of_a_stay=True,
    ),
    TodoRule(
        (Kind.QUESTIONNAIRE_SILENT,),
        parts=(Part(SILENT, each(_silent)),),
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
