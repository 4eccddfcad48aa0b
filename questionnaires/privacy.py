"""The questions and answers of one person: given out, and freed of the person.

Answers that were sent in stay as anonymous figures: the row hangs on a stay without a name. What
was not sent in goes. Open questions close, because the stay is waived as erased (waves.py).
"""

from datetime import date, datetime

from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.dates import in_full
from core.privacy import OWN, Fact, Person, Section
from questionnaires.answers.answers_table import cell
from questionnaires.cycle.own_reasons import why_it_came, why_it_went
from questionnaires.instrument.instrument import questions_of
from questionnaires.models import CycleState, Draft, Invitation, Response

WITHDRAWN = Invitation.State.WITHDRAWN

#: Model -> what becomes of it when somebody is erased.
HOLDS = {
    Invitation: "stays: which questions, when; an open one closes",
    CycleState: "stays: counters",
    Draft: "goes",
    Response: "answers stay as figures without a name; the wish to talk goes",
}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port: the own answers, in the printed words."""
    if part != OWN:
        return []
    rows = Response.objects.filter(trajectory__in=person.trajectory_ids).order_by("submitted_at")
    drafts = _drafts(person)
    return [
        Section(
            "questions",
            _("When you got a questionnaire"),
            [
                [
                    Fact("list", _("Questionnaire"), _of(row.opened_on)),
                    Fact("opened", _("Ready since"), row.opened_on),
                    Fact("why", _("Why you got it"), " ".join(why_it_came(row.reason)).strip()),
                    Fact("answered", _("Filled in on"), row.answered_on),
                    Fact("taken_back", _("State"), _taken_back(row)),
                    Fact("why_gone", _("Why it is no longer open"), _why_gone(row)),
                ]
                for row in Invitation.objects.filter(trajectory__in=person.trajectory_ids).order_by(
                    "opened_on", "pk"
                )
            ],
            order=60,
        ),
        Section("answers", _("Your answers"), [_answers(row) for row in rows], order=61),
        Section(
            "not_sent",
            _("Answers you did not send: nobody read them"),
            [_draft(row) for row in drafts if row.invitation.state != WITHDRAWN],
            order=62,
        ),
        Section(
            "taken_back",
            _("Answers to a questionnaire that is gone: nobody read them"),
            [_draft(row) for row in drafts if row.invitation.state == WITHDRAWN],
            order=63,
        ),
    ]


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port."""
    invitations = Invitation.objects.filter(trajectory__in=person.trajectory_ids)
    person.subject_ids.update(invitations.values_list("pk", flat=True))
    Draft.objects.filter(invitation__in=invitations).delete()
    Response.objects.filter(trajectory__in=person.trajectory_ids).update(
        wants_to_talk=None, talk_said_at=None
    )


def _of(day: date | datetime) -> str:
    """A young person has one name for each of the four, told apart by its day."""
    return _("of {day}").format(day=in_full(day))


def _taken_back_on(row: Invitation) -> date | None:
    taken_back = row.reason.get("withdrawn") if row.state == WITHDRAWN else None
    return date.fromisoformat(taken_back["on"]) if taken_back else None


def _taken_back(row: Invitation) -> str:
    """In words: on a line of days it would be read as the day it was filled in."""
    day = _taken_back_on(row)
    return _("gone since {day}").format(day=in_full(day)) if day else ""


def _why_gone(row: Invitation) -> str:
    """As the own pages say it (R-354); nothing of what is open or was answered."""
    over = row.state not in (Invitation.State.OPEN, Invitation.State.ANSWERED)
    return why_it_went(row.state, row.reason) if over else ""


def _answers(row: Response) -> list[Fact]:
    answered = [
        Fact(question.key, question.text, cell(question, row).text)
        for question in questions_of(row.instrument_id, row.wave)
    ]
    return [
        Fact("list", _("Questionnaire"), _of(row.submitted_at)),
        Fact("sent", _("Sent in"), row.submitted_at),
        *answered,
        Fact("wants_to_talk", _("Wanted to talk about it"), row.wants_to_talk),
    ]


def _drafts(person: Person) -> list[Draft]:
    rows = Draft.objects.filter(
        invitation__trajectory__in=person.trajectory_ids, invitation__response=None
    )
    return list(rows.select_related("invitation").order_by("started_at"))


def _draft(row: Draft) -> list[Fact]:
    wave, given = row.invitation, row.given()
    read = Response(wave=wave.wave, **{Response.column(n): value for n, value in given.items()})
    return [
        Fact("list", _("Questionnaire"), _of(wave.opened_on)),
        Fact("taken_back", _("Gone since"), _taken_back_on(wave)),
        *[
            Fact(question.key, question.text, cell(question, read).text)
            for question in questions_of(wave.instrument_id, wave.wave)
            if question.number in given
        ],
    ]
