"""Answering a wave: every answer is saved by itself, submitted once, read-only afterwards.

Locks: the stay, then the invitation, in the order every other action keeps, so that nothing closes
a wave while it is being sent, and a yes that is taken back meanwhile is known before an answer is
kept (R-350).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_one
from core.messaging import outbox
from participants.stay.lock import lock_all
from questionnaires.cycle import cycle, on_hold
from questionnaires.cycle.reminders import MESSAGE, REMINDER
from questionnaires.instrument.instrument import Question, questions_of
from questionnaires.models import ITEM_COUNT, Draft, Invitation, Response

COLUMNS = [Response.column(n) for n in range(1, ITEM_COUNT + 1)]


def asked(invitation: Invitation) -> tuple[Question, ...]:
    """The items of this wave, in its own version of the instrument."""
    return questions_of(invitation.instrument_id, invitation.wave)


def missing(invitation: Invitation, draft: Draft | None) -> list[int]:
    """Numbers not touched yet, in order. "Rather not" is an answer; nothing is not (R-217)."""
    return [q.number for q in asked(invitation) if draft is None or draft.answer(q.number) is None]


def save_answer(*, invitation: Invitation, number: int, value: int, by: User) -> Draft:
    """Keep one answer. The same again changes nothing; another replaces it until submission.

    Raises RuleBroken (unknown_item, out_of_range, not_open), NoYes and NotYours; then nothing is
    stored.
    """
    return save_answers(invitation=invitation, values={number: value}, by=by)


@transaction.atomic
def save_answers(*, invitation: Invitation, values: dict[int, int], by: User) -> Draft:
    """As `save_answer`, for several items at once: all of them, or none."""
    locked = _own(invitation, by)
    require_open(locked)
    questions = {q.number: q for q in asked(locked)}
    for number, value in values.items():
        if number not in questions:
            raise RuleBroken(_("This list has no such question."), "unknown_item", "answer")
        if not questions[number].accepts(value):
            raise RuleBroken(_("Choose one of the answers."), "out_of_range", "answer")
    draft, _new = Draft.objects.get_or_create(
        invitation=locked, defaults={"started_at": clock.now(), "saved_at": clock.now()}
    )
    changed = {Draft.column(n): v for n, v in values.items() if draft.answer(n) != v}
    for column, value in changed.items():
        setattr(draft, column, value)
    if changed:
        draft.saved_at = clock.now()
        draft.save(update_fields=[*changed, "saved_at"])
    return draft


@transaction.atomic
def submit(*, invitation: Invitation, by: User, wants_to_talk: bool | None = None) -> Response:
    """The draft becomes the response of this wave, once, whatever the network does.

    Missing items stay missing. Sent again, it returns the response that stands. Raises
    RuleBroken (nothing_answered, not_open), NoYes and NotYours.
    """
    locked = _own(invitation, by)
    if locked.state == Invitation.State.ANSWERED:
        return Response.objects.get(pk=locked.pk)
    require_open(locked)
    draft = Draft.objects.filter(pk=locked.pk).first()
    if draft is None or not draft.given():
        raise RuleBroken(
            _("There is no answer yet. Pick one, or choose “Rather not”."), "nothing_answered"
        )
    response = Response.objects.create(
        invitation=locked,
        trajectory_id=locked.trajectory_id,
        instrument_id=locked.instrument_id,
        wave=locked.wave,
        sequence=locked.sequence,
        submitted_at=clock.now(),
        wants_to_talk=wants_to_talk,
        talk_said_at=None if wants_to_talk is None else clock.now(),
        **{column: getattr(draft, column) for column in COLUMNS},
    )
    locked.state = Invitation.State.ANSWERED
    locked.answered_on = clock.today()
    locked.save(update_fields=["state", "answered_on"])
    draft.delete()
    outbox.withdraw(kind=(MESSAGE, REMINDER), subject_id=locked.pk, reason="answered")
    cycle.refresh([locked.trajectory_id], locked=True)
    return response


@transaction.atomic
def say_about_talking(*, invitation: Invitation, wants: bool, by: User) -> Response:
    """ "Would you like to talk about it?" The answers themselves stay as they were sent.

    It is a question of the list, so it waits for the yes as well: raises NoYes.
    """
    locked = _own(invitation, by)
    on_hold.require_a_yes(locked.trajectory)
    response = lock_one(Response.objects.filter(pk=locked.pk))
    if response.wants_to_talk != wants:
        response.wants_to_talk = wants
        response.talk_said_at = clock.now()
        response.save(update_fields=["wants_to_talk", "talk_said_at"])
    return response


def begun_before(invitation: Invitation) -> bool:
    """Whether an opening of this wave that was taken back had answers (R-351): they stay with it,
    unsent, and nothing of them is carried over."""
    if invitation.opening == 1 or Draft.objects.filter(pk=invitation.pk).exists():
        return False
    return Draft.objects.filter(
        invitation__trajectory=invitation.trajectory_id,
        invitation__wave=invitation.wave,
        invitation__sequence=invitation.sequence,
        invitation__opening__lt=invitation.opening,
    ).exists()


def require_open(invitation: Invitation) -> None:
    """Only an open wave takes answers, and only while every needed yes stands: else NoYes."""
    on_hold.require_a_yes(invitation.trajectory)
    if invitation.state != Invitation.State.OPEN:
        raise RuleBroken(_("These questions are closed. You need not do anything."), "not_open")


def _own(invitation: Invitation, by: User) -> Invitation:
    """Stay and wave, locked. Answers are given by the person self, by nobody else (R-010)."""
    lock_all([invitation.trajectory_id])
    rows = Invitation.objects.select_related("trajectory__participant")
    locked = lock_one(rows.filter(pk=invitation.pk))
    if by is None or locked.trajectory.participant.user_id != by.pk:
        raise NotYours(_("Only the participant answers these questions."), "not_yours")
    return locked
