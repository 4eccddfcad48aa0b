"""First contact, the first talk and its decision (R-050..R-073, C-37).

The form has four parts: need, explanation, fit, and the check of four criteria and five
contra-indications. Everything is a person's judgement: age alone is computed, nothing rejects by
itself (R-064), and what is decided against is told by a person, never by a machine. Until then
the stay keeps its phase, so no page of the young person changes.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.ages import fits_programme
from core.errors import RuleBroken
from core.locks import lock_copy, lock_first
from participants.consent import needed as consent
from participants.intake import mail
from participants.journey import journey
from participants.models import (
    Consultation,
    Intake,
    Judgement,
    Referral,
    Trajectory,
)
from participants.person.account import open_account
from participants.recusal.recusal import need_a_coordinator
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock

Subject = Judgement.Subject
Answer = Judgement.Answer
Decision = Intake.Decision
Phase = Trajectory.Phase

#: A person answers these; age follows from the date of birth (R-054).
JUDGED = tuple(s for s in Subject if s != Subject.AGE)
#: No note belongs to this judgement: no number, no diagnosis (R-057, R-058).
WITHOUT_NOTE = (Subject.AGE, Subject.COGNITIVE)
#: Parts of the form that `save_intake` writes.
PARTS = (
    "mode",
    "held_on",
    "one_to_one",
    "factors",
    "need",
    "explained",
    "group_fit",
    "enthusiastic",
)
_IQ = re.compile(r"\bi\.?\s?q\.?\b", re.IGNORECASE)


@transaction.atomic
def start_intake(*, trajectory: Trajectory, by: User) -> Intake:
    """Open the form of this stay; the second opening finds the first one's.

    Raises RuleBroken("move_not_allowed") when the stay is past its first talk.
    """
    lock(trajectory)
    if trajectory.phase == Phase.SIGNED_UP:
        journey.begin_intake(trajectory=trajectory, by=by)
    stands = Intake.objects.filter(trajectory=trajectory).first()
    if stands is not None:
        return stands
    if trajectory.phase != Phase.INTAKE:
        raise RuleBroken(_("The first talk is already behind us."), code="move_not_allowed")
    return Intake.objects.create(trajectory=trajectory)


@transaction.atomic
def save_intake(
    *,
    trajectory: Trajectory,
    by: User,
    expected_version: int,
    judgements: Mapping[str, tuple[str, str]] | None = None,
    **parts: Any,
) -> Intake:
    """Save what is known so far; `judgements` maps a subject to (answer, note).

    Raises RuleBroken: "stale_version" when a colleague saved in between, "decided" after the
    decision, "age_is_computed", "no_note" for a note where none may stand, "no_iq" for a number
    that may not be kept.
    """
    intake = _lock_intake(trajectory, expected_version)
    if intake.decision:
        raise RuleBroken(_("The decision has been taken; the form is closed."), code="decided")
    for name, value in parts.items():
        if name not in PARTS:
            raise ValueError(f"Not a part of the intake: {name}")
        if isinstance(value, str):
            _refuse_iq(value, field=name)
        setattr(intake, name, value)
    if intake.explained and intake.explained_on is None:
        intake.explained_on = clock.today()
    elif not intake.explained:
        intake.explained_on = None
    intake.version += 1
    intake.save()
    for subject, (answer, note) in (judgements or {}).items():
        _judge(intake, Subject(subject), answer, note)
    _judge_age(intake)
    return intake


def missing(intake: Intake) -> list[str]:
    """What has no explicit answer yet, as the form's own field names (R-051, R-052, R-053)."""
    answered = {j.subject for j in intake.judgements.all()}
    open_parts = [
        name
        for name, known in (
            ("mode", intake.mode),
            ("held_on", intake.held_on),
            ("one_to_one", intake.one_to_one is not None),
            ("need", intake.need.strip()),
            ("explained", intake.explained),
            ("group_fit", intake.group_fit.strip()),
            ("enthusiastic", intake.enthusiastic is not None),
        )
        if not known
    ]
    return open_parts + [s.value for s in JUDGED if s not in answered]


@transaction.atomic
@told_once()
def decide(
    *,
    trajectory: Trajectory,
    decision: str,
    reason: str,
    by: User,
    referral_to: str | None = None,
    expected_version: int | None = None,
) -> Intake:
    """The worker's decision and its reason; no answer in the form decides by itself (R-064).

    Suitable: the stay is screened today and the way to the trial meeting is open. Referred: the
    choice of GP or social team is kept, and a person has to tell it; nothing else happens.

    Raises RuleBroken: "not_complete" (R-053), "reason_needed", "not_enthusiastic" (R-075),
    "referral_needed" (R-066), "decided" or "stale_version".
    """
    intake = _lock_intake(trajectory, None)
    if intake.decision:
        assert intake.decided_at is not None  # noqa: S101
        raise RuleBroken(
            _("%(name)s already decided on %(day)s.")
            % {
                "name": intake.decided_by.first_name if intake.decided_by else "",
                "day": date_format(clock.day_of(intake.decided_at), "j F"),
            },
            code="decided",
        )
    _refuse_stale(intake, expected_version)
    _judge_age(intake)
    if missing(intake):
        raise RuleBroken(
            _("First answer every point of the form. What is still open is marked."),
            code="not_complete",
        )
    if not reason.strip():
        raise RuleBroken(_("Write down in a sentence why."), code="reason_needed", field="reason")
    _refuse_iq(reason, field="reason")
    suitable = Decision(decision) == Decision.SUITABLE
    if suitable and intake.enthusiastic is not True:
        raise RuleBroken(
            _(
                "Only somebody who is enthusiastic too gets to know the group. Talk once more, or "
                "choose what fits better."
            ),
            code="not_enthusiastic",
            field="decision",
        )
    if not suitable:
        if referral_to not in Referral.To.values:
            raise RuleBroken(
                _("Choose who can help further: the GP or the social team."),
                code="referral_needed",
                field="referral_to",
            )
        Referral.objects.create(
            trajectory=trajectory, to=referral_to, by=by, at=clock.now(), reason=reason
        )
    intake.decision, intake.decision_reason = decision, reason
    intake.decided_by, intake.decided_at = by, clock.now()
    intake.version += 1
    intake.save()
    trajectory.suitable = suitable
    trajectory.screened_on = clock.today() if suitable else None
    trajectory.save(update_fields=["suitable", "screened_on"])
    if suitable:
        open_account(participant=trajectory.participant, by=by)
        mail.account_ready(trajectory)
        consent.settle(trajectory=trajectory, by=by)
    changed([trajectory.pk], StayFact.SCREENED)
    return intake


@transaction.atomic
def tell_decision(*, trajectory: Trajectory, by: User) -> Intake:
    """A person told the young person what was decided. A referral ends the stay only now.

    Raises RuleBroken("not_decided"). Telling twice changes nothing.
    """
    intake = _lock_intake(trajectory, None)
    if not intake.decision:
        raise RuleBroken(_("There is no decision to tell yet."), code="not_decided")
    if intake.told_at is not None:
        return intake
    intake.told_by, intake.told_at = by, clock.now()
    intake.version += 1
    intake.save()
    if intake.decision == Decision.REFERRED:
        journey.change_phase(
            trajectory=trajectory, to=Phase.REFERRED, by=by, ended_on=clock.today()
        )
    return intake


@transaction.atomic
def ask_coordinator(*, trajectory: Trajectory, question: str, by: User) -> Consultation:
    """R-065: ask the regional coordinator, who reads this question and nothing else."""
    lock(trajectory)
    intake = Intake.objects.filter(trajectory=trajectory).first()
    if intake is None:
        raise RuleBroken(_("First begin the form of the talk."), code="not_started")
    if not question.strip():
        raise RuleBroken(_("What would you like to ask?"), code="empty", field="question")
    need_a_coordinator(trajectory)
    consultation = Consultation.objects.create(
        intake=intake, asked_by=by, asked_at=clock.now(), question=question
    )
    mail.advice_asked(consultation)
    return consultation


@transaction.atomic
def answer_consultation(*, consultation: Consultation, answer: str, by: User) -> Consultation:
    """The coordinator's advice; the worker decides. Raises RuleBroken("answered")."""
    locked = lock_copy(consultation)
    if locked.answered_at is not None:
        raise RuleBroken(_("This question has been answered already."), code="answered")
    if not answer.strip():
        raise RuleBroken(_("Write your advice first."), code="empty", field="answer")
    locked.answer, locked.answered_by, locked.answered_at = answer, by, clock.now()
    locked.save()
    mail.advice_given(locked)
    return locked


def _lock_intake(trajectory: Trajectory, expected_version: int | None) -> Intake:
    lock(trajectory)
    lock_copy(trajectory.participant)  # who is found suitable gets an account in the same press
    intake = lock_first(Intake.objects.filter(trajectory=trajectory))
    if intake is None:
        raise RuleBroken(_("First begin the form of the talk."), code="not_started")
    _refuse_stale(intake, expected_version)
    return intake


def _refuse_stale(intake: Intake, expected_version: int | None) -> None:
    if expected_version is not None and intake.version != expected_version:
        raise RuleBroken(
            _(
                "A colleague saved this form while you were writing. Your words are still here: "
                "open the form in a new tab, compare, and save again."
            ),
            code="stale_version",
        )


def _judge(intake: Intake, subject: Subject, answer: str, note: str) -> None:
    if subject == Subject.AGE:
        raise RuleBroken(_("Age follows from the date of birth."), code="age_is_computed")
    if note.strip() and subject in WITHOUT_NOTE:
        raise RuleBroken(
            _("No note here: only your judgement is kept."),
            code="no_note",
            field=f"{subject.value}_note",
        )
    _refuse_iq(note, field=f"{subject.value}_note")
    _write_judgement(intake, subject, Answer(answer), note)


def _judge_age(intake: Intake) -> None:
    day = intake.held_on or clock.today()
    fits = fits_programme(intake.trajectory.participant.birth_date, day)
    _write_judgement(intake, Subject.AGE, Answer.MEETS if fits else Answer.DOES_NOT_MEET, "")


def _write_judgement(intake: Intake, subject: Subject, answer: Answer, note: str) -> None:
    row = Judgement.objects.filter(intake=intake, subject=subject).first()
    row = row or Judgement(intake=intake, subject=subject)
    row.answer, row.note = answer, note
    row.save()


def _refuse_iq(text: str, *, field: str) -> None:
    if _IQ.search(text):
        raise RuleBroken(
            _("Please leave out an IQ or a diagnosis. Your judgement above is enough."),
            code="no_iq",
            field=field,
        )
