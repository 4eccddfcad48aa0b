"""What waits because of a wave. Computed from facts: it is gone when the fact changes."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.audit.models import ReadEntry
from core.ports import Todo, TodoRule
from participants.models.recusal import not_recused
from questionnaires.answers.answers_table import asks_for_a_talk
from questionnaires.cycle import calls, reminders
from questionnaires.instrument.instrument import item_count
from questionnaires.models import PERSON, Invitation, Response, Wave
from questionnaires.permissions import SEE_ANSWERS, WRITE_BY_HAND
from questionnaires.todo_kinds import Kind

#: A talk that nobody had within this time no longer hangs on this answer.
KEPT = timedelta(days=28)


def _own(user: Viewer) -> list[Todo]:
    found = []
    for wave in Invitation.objects.visible_to(user).open().select_related("draft"):
        begun = hasattr(wave, "draft")
        total = item_count(wave.wave)
        found.append(
            Todo(
                kind=Kind.QUESTIONNAIRE,
                about=wave.pk,
                urgency=1 if wave.wave in (Wave.BASELINE, Wave.EXIT) else 2,
                when=_("a few minutes"),
                title=_("%(total)d short questions") % {"total": total},
                reason=_("Your answers so far are kept.")
                if begun
                else _("Your youth workers read your answers. You may skip any question."),
                action=_("Go on") if begun else _("Begin"),
                url=reverse("questionnaires:who_reads", args=[wave.pk]),
                since=wave.opened_on,
            )
        )
    return found


def _talks(user: Viewer) -> list[Todo]:
    """Who wants to talk, and whose answers ask for it (R-216): until a worker opened the answers.

    The to-do names no answer: the start page is not a personal record, the answers page is.
    """
    if not reach(user, SEE_ANSWERS):
        return []
    read = ReadEntry.objects.filter(
        record="answers",
        subject_ids__contains=[OuterRef("trajectory_id")],
        at__gte=Greatest(OuterRef("submitted_at"), OuterRef("talk_said_at")),
    )
    unread = (
        Response.objects.visible_to(user)
        .filter(submitted_at__gte=clock.now() - KEPT)
        .filter(~Exists(read))
        .select_related("trajectory__participant")
    )
    found = []
    for response in unread:
        asks = asks_for_a_talk(response)
        if not (response.wants_to_talk or asks):
            continue
        name = response.trajectory.participant.call_name
        day = date_format(clock.day_of(response.submitted_at), "j F")
        found.append(
            Todo(
                kind=Kind.QUESTIONNAIRE_TALK,
                about=response.pk,
                urgency=1,
                when=_("this week"),
                title=_("Have a talk with %(name)s") % {"name": name},
                reason=(
                    _("%(name)s would like to talk about the questions of %(day)s.")
                    if response.wants_to_talk
                    else _(
                        "Something in the answers of %(day)s is worth a talk. It is an answer, "
                        "not a measure of risk."
                    )
                )
                % {"name": name, "day": day},
                action=_("Read the answers"),
                url=reverse("questionnaires:answers", args=[response.trajectory_id]),
                since=clock.day_of(response.submitted_at),
                stay_id=response.trajectory_id,
                lasts=True,
            )
        )
    return found


def _silent(user: Viewer) -> list[Todo]:
    """Open after the last reminder: a text of the worker's own sometimes helps (R-207)."""
    groups = reach(user, WRITE_BY_HAND)
    if not groups:
        return []
    waves = (
        reminders.with_messages(reminders.reachable(clock.today()))
        .filter(groups.as_q("trajectory__group__"), not_recused(user, PERSON))
        .filter(left_alone_on__isnull=True)
        .filter(reminders.out_of_reminders(clock.today()))
        .select_related("trajectory__participant")
        .order_by("opened_on")
    )
    return [
        Todo(
            kind=Kind.QUESTIONNAIRE_SILENT,
            about=wave.pk,
            urgency=2,
            when=_("this week"),
            title=_("%(name)s has not filled in the questions yet")
            % {"name": wave.trajectory.participant.call_name},
            reason=_("Open since %(day)s; a mail and two reminders were sent.")
            % {"day": date_format(wave.opened_on, "j F")},
            action=_("Text to send yourself"),
            url=reverse("questionnaires:ready_text", args=[wave.pk]),
            since=wave.opened_on,
            stay_id=wave.trajectory_id,
        )
        for wave in waves
    ]


#: Answers the port: a participant's open wave; a worker's talks, silent waves and calls.
RULES = (
    TodoRule((Kind.QUESTIONNAIRE,), _own, own=True),
    TodoRule((Kind.QUESTIONNAIRE_TALK,), _talks, of_a_stay=True),
    TodoRule((Kind.QUESTIONNAIRE_SILENT,), _silent, of_a_stay=True),
    TodoRule((Kind.AFTERCARE,), calls.todos, of_a_stay=True),
)
