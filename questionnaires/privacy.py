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
from questionnaires.instrument.instrument import questions_of
from questionnaires.models import CycleState, Draft, Invitation, Response

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
    return [
        Section(
            "questions",
            _("When you got a questionnaire"),
            [
                [
                    Fact("list", _("Questionnaire"), _of(row.opened_on)),
                    Fact("opened", _("Ready since"), row.opened_on),
                    Fact("answered", _("Filled in on"), row.answered_on),
                ]
                for row in Invitation.objects.filter(trajectory__in=person.trajectory_ids)
                .standing()
                .order_by("opened_on")
            ],
            order=60,
        ),
        Section("answers", _("Your answers"), [_answers(row) for row in rows], order=61),
        Section(
            "not_sent", _("Answers you did not send: nobody read them"), _drafts(person), order=62
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


def _drafts(person: Person) -> list[list[Fact]]:
    rows = Draft.objects.filter(
        invitation__trajectory__in=person.trajectory_ids, invitation__response=None
    ).select_related("invitation")
    return [_draft(row) for row in rows]


def _draft(row: Draft) -> list[Fact]:
    wave, given = row.invitation, row.given()
    read = Response(wave=wave.wave, **{Response.column(n): value for n, value in given.items()})
    return [
        Fact("list", _("Questionnaire"), _of(wave.opened_on)),
        *[
            Fact(question.key, question.text, cell(question, read).text)
            for question in questions_of(wave.instrument_id, wave.wave)
            if question.number in given
        ],
    ]
