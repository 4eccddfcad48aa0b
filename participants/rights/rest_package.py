"""What others wrote about somebody: only on request, checked for third persons, read together.

Judgements, notes and reasons (C-35). What a parent wrote in confidence is not in it, nor is the
name of a colleague who was asked for advice.
"""

from typing import Any

from django.utils.translation import gettext as _

from core.privacy import Fact, Person, Section
from participants.models import (
    BirthDateCorrection,
    CareConcern,
    CareElsewhere,
    Consultation,
    ContactAttempt,
    ExitTalk,
    FirstIdea,
    FollowUpCall,
    HandOver,
    HomeSilence,
    Intake,
    Judgement,
    NotTheSame,
    OneToOneAnswer,
    ParentalConsent,
    ParentsAtExit,
    PhaseChange,
    Referral,
    ReturnException,
    UnsafeHome,
    Worry,
)


def sections(person: Person) -> list[Section]:
    ids = person.trajectory_ids
    return [
        Section("talk", _("The first talk"), [_talk(i) for i in _of(Intake, ids)], order=110),
        Section(
            "judgements",
            _("What was judged at the first talk"),
            [
                [
                    Fact("subject", _("About"), row.get_subject_display()),
                    Fact("answer", _("Judgement"), row.get_answer_display()),
                    Fact("note", _("Note"), row.note),
                ]
                for row in Judgement.objects.filter(intake__trajectory__in=ids)
            ],
            order=120,
        ),
        Section(
            "advice",
            _("Advice that was asked"),
            [
                [
                    Fact("asked_at", _("When"), row.asked_at),
                    Fact("question", _("Question"), row.question),
                    Fact("answer", _("Advice"), row.answer),
                ]
                for row in Consultation.objects.filter(intake__trajectory__in=ids)
            ],
            order=130,
        ),
        Section(
            "contact_attempts",
            _("When we tried to reach you"),
            [
                _noted(row, "outcome", _("Outcome"), row.get_outcome_display(), row.note)
                for row in _of(ContactAttempt, ids)
            ],
            order=140,
        ),
        Section(
            "moves",
            _("Why your place changed"),
            [
                _noted(row, "phase", _("To"), row.get_to_phase_display(), row.reason)
                for row in _of(PhaseChange, ids)
                if row.reason
            ],
            order=150,
        ),
        Section(
            "referrals",
            _("Helped elsewhere"),
            [
                _noted(row, "to", _("To"), row.get_to_display(), row.reason)
                for row in _of(Referral, ids)
            ],
            order=160,
        ),
        Section(
            "first_ideas",
            _("First idea of your youth workers"),
            [
                [Fact("at", _("When"), row.at), Fact("profile", _("Idea"), row.words)]
                for row in _of(FirstIdea, ids)
            ],
            order=125,
        ),
        Section(
            "not_the_same",
            _("Why you are not somebody else"),
            [
                [Fact("at", _("When"), row.at), Fact("why", _("Why"), row.why)]
                for row in _of(NotTheSame, ids)
            ],
            order=127,
        ),
        Section(
            "one_to_one",
            _("What was agreed about the first talk"),
            [
                _noted(row, "what", _("About"), "", row.text)
                for row in OneToOneAnswer.objects.filter(intake__trajectory__in=ids)
            ],
            order=135,
        ),
        Section(
            "hand_overs",
            _("Whether help elsewhere worked out"),
            [
                _noted(row, "outcome", _("Outcome"), row.get_outcome_display(), row.note)
                for row in HandOver.objects.filter(referral__trajectory__in=ids)
            ],
            order=165,
        ),
        Section(
            "care_elsewhere",
            _("Help elsewhere, written down with your yes"),
            [
                [
                    Fact("text", _("Which help"), row.text),
                    Fact("yes_on", _("Your yes"), row.consented_on),
                ]
                for row in _of(CareElsewhere, ids)
            ],
            order=128,
        ),
        Section(
            "calls",
            _("Calls afterwards"),
            [
                [
                    *_noted(row, "outcome", _("Outcome"), row.get_outcome_display(), row.note),
                    Fact("what_happened", _("What happened?"), row.what_happened),
                    Fact("own_part", _("What can you do yourself?"), row.own_part),
                    Fact("from_others", _("What do you need from others?"), row.from_others),
                    Fact("next_step", _("Next step"), row.next_step),
                ]
                for row in _of(FollowUpCall, ids)
            ],
            order=170,
        ),
        Section(
            "leaving_notes",
            _("Saying goodbye"),
            [
                *[_noted(r, "what", _("About"), "", r.note) for r in _of(ExitTalk, ids) if r.note],
                *[
                    [
                        Fact("spoken_on", _("With your parents on"), row.spoken_on),
                        Fact("feedback", _("Told"), row.feedback),
                        Fact("tips", _("Tips"), row.tips),
                        Fact("reason", _("Why not"), row.reason),
                        Fact("answer", _("What the coordinator said"), row.answer),
                    ]
                    for row in _of(ParentsAtExit, ids)
                ],
            ],
            order=175,
        ),
        Section(
            "home",
            _("Why no mail goes home"),
            [
                *[_noted(row, "what", _("About"), "", row.reason) for row in _of(UnsafeHome, ids)],
                *[
                    [Fact("words", _("What came out of the talk"), row.words)]
                    for row in HomeSilence.objects.filter(participant=person.participant_id)
                    if row.words
                ],
            ],
            order=180,
        ),
        Section(
            "returns",
            _("Coming back"),
            [
                [
                    *_noted(row, "what", _("About"), "", row.reason),
                    Fact("answer", _("What the coordinator said"), row.answer),
                ]
                for row in ReturnException.objects.filter(participant=person.participant_id)
            ],
            order=190,
        ),
        Section(
            "birth_dates",
            _("Corrected date of birth"),
            [
                [
                    Fact("at", _("When"), row.at),
                    Fact("before", _("Before"), row.before),
                    Fact("after", _("After"), row.after),
                    Fact("note", _("Note"), row.reason),
                ]
                for row in BirthDateCorrection.objects.filter(participant=person.participant_id)
            ],
            order=195,
        ),
        Section(
            "parents_answers",
            _("What parents answered"),
            [
                [
                    Fact("answer", _("Answer"), row.get_answer_display()),
                    Fact("answered_at", _("When"), row.answered_at),
                    Fact("taken_back", _("Taken back on"), row.withdrawn_at),
                ]
                for row in _of(ParentalConsent, ids)
                if row.answered_at
            ],
            order=200,
        ),
        Section(
            "worries",
            _("When we were worried"),
            [
                [
                    *_noted(row, "settled", _("What was agreed"), row.settled_note, row.note),
                    Fact("broad", _("Asked the coordinator"), row.broad),
                ]
                for row in _of(Worry, ids)
            ],
            order=210,
        ),
        Section("care", _("About care"), _care(ids), order=220),
    ]


def _care(ids: Any) -> list[list[Fact]]:
    """What was written down together, and whom it was told."""
    rows = _of(CareConcern, ids).prefetch_related("shares")
    return [
        [
            *_noted(row, "what", _("What it was about"), row.what, row.closed_note),
            *[
                Fact("told", str(share.get_to_display()), f"{share.whom}: {share.what}")
                for share in row.shares.all()
            ],
        ]
        for row in rows
    ]


def _of(model: Any, ids: Any) -> Any:
    return model.objects.filter(trajectory__in=ids)


def _noted(row: Any, key: str, label: str, outcome: Any, note: str) -> list[Fact]:
    return [
        Fact("at", _("When"), row.at),
        Fact(key, label, outcome),
        Fact("note", _("Note"), note),
    ]


def _talk(intake: Intake) -> list[Fact]:
    return [
        Fact("held_on", _("When"), intake.held_on),
        Fact("mode", _("How"), intake.get_mode_display()),
        Fact("need", _("What you wanted"), intake.need),
        Fact("group_fit", _("Fit with group and programme"), intake.group_fit),
        Fact("factors", _("What plays a part"), intake.factors),
        Fact("enthusiastic", _("Keen to join"), intake.enthusiastic),
        Fact("decision", _("Decision"), intake.get_decision_display()),
        Fact("decision_reason", _("Why"), intake.decision_reason),
        Fact("mail_can_harm", _("Mail to parents can do harm"), intake.mail_can_harm),
    ]
