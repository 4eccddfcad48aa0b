"""What this app keeps about a person: given out, and taken out. Counts stay (trust.md 12).

At once and alone: what the young person filled in, agreed to and did. On request: the notes of
the first talk and of calls, judgements, reasons (C-35). Never given out: what parents wrote in
confidence (neither parent, nor the child, sees the other's words), and never erased here while
it is open: a complaint, which its named person still has to answer (ADR 0013).
"""

from datetime import datetime
from typing import Any

from core import clock
from core.accounts.actors import Actor
from core.messaging.models import Contact
from core.privacy import NO_NAME, OWN, Person, Section
from participants.journey import journey
from participants.models import (
    Agreement,
    AskedAgain,
    BirthDateCorrection,
    CallWish,
    CareConcern,
    CareElsewhere,
    CareShare,
    Complaint,
    ComplaintStep,
    ConsentLink,
    Consultation,
    ContactAttempt,
    DataRequest,
    ExitAgreement,
    ExitTalk,
    FirstIdea,
    FollowUpCall,
    Guardian,
    HandOver,
    Hold,
    HomeSilence,
    Intake,
    InterestRegistration,
    Judgement,
    KnowsSomebody,
    NotTheSame,
    OneToOneAnswer,
    ParentalConsent,
    ParentAtWork,
    ParentsAtExit,
    Participant,
    PauseWish,
    PhaseChange,
    Recusal,
    Referral,
    ReturnException,
    SignUpReceipt,
    StopHeard,
    Trajectory,
    UnsafeHome,
    Worry,
)
from participants.referrers import privacy as referrer_data
from participants.rights import own_package, rest_package
from participants.signup import receipt
from participants.stay import follow_up
from participants.stay.changes import StayFact, changed, told_once

Phase = Trajectory.Phase
BEFORE_TAKING_PART = (*Phase.ARRIVING, Phase.TRIAL)

#: Model -> what becomes of it when somebody is erased.
HOLDS = {
    Participant: "names and addresses go; year of birth, municipality and the moment stay",
    Trajectory: "the own words of the sign-up go; phases and dates stay",
    PhaseChange: "the reason goes; who, when and what stay",
    BirthDateCorrection: "goes",
    Hold: "stays: days and moments only",
    Agreement: "stays: which text, when; taken back on the day of erasure",
    Guardian: "stays without name and address (those are the contact's)",
    ParentalConsent: "name, relation and question go; the answer and its moment stay",
    ConsentLink: "goes: no link works any more",
    AskedAgain: "number and words go; that it was asked, and who heard it, stays",
    HomeSilence: "the words of the talk go; ended",
    ParentAtWork: "goes",
    UnsafeHome: "the reason goes; ended",
    ContactAttempt: "the note goes",
    Intake: "notes go; the outcome stays",
    Judgement: "goes",
    FirstIdea: "goes",
    NotTheSame: "goes, and where somebody else is said not to be this person",
    CareElsewhere: "goes",
    KnowsSomebody: "goes",
    Recusal: "goes",
    OneToOneAnswer: "goes",
    HandOver: "the note goes; the outcome stays",
    Consultation: "question and advice go",
    Referral: "the reason goes; where to stays",
    ExitTalk: "the note goes; day, figures and own word stay",
    ExitAgreement: "goes",
    ParentsAtExit: "the words go; that there was contact, or an exception, stays",
    FollowUpCall: "the words go; the outcome stays",
    ReturnException: "the reason and the coordinator's words go",
    InterestRegistration: "goes",
    SignUpReceipt: "goes, with what was typed by somebody who knocked",
    Worry: "the words go; that there was one stays",
    CallWish: "stays: that a call was asked for, when and what came of it",
    PauseWish: "the reason goes; that it was asked stays",
    StopHeard: "stays: which worker read it, when",
    CareConcern: "goes",
    CareShare: "goes with its concern",
    Complaint: "the words go once it is closed; an open one stays with its named person",
    ComplaintStep: "as the complaint",
    DataRequest: "question and answer go; that it was asked, when and what was done stay",
}
HOLDS |= referrer_data.HOLDS
#: Encrypted or typed words that go, row by row.
EMPTIED: tuple[tuple[Any, str, dict[str, Any]], ...] = (
    (PhaseChange, "trajectory__in", {"reason": ""}),
    (
        ParentalConsent,
        "trajectory__in",
        {
            "answered_name": "",
            "answered_relation": "",
            "question": "",
            "child_name": "",
            "phone_then": "",
        },
    ),
    (AskedAgain, "consent__trajectory__in", {"number": "", "words": ""}),
    (HomeSilence, "participant__trajectories__in", {"words": ""}),
    (UnsafeHome, "trajectory__in", {"reason": ""}),
    (ContactAttempt, "trajectory__in", {"note": ""}),
    (
        Intake,
        "trajectory__in",
        {
            "need": "",
            "group_fit": "",
            "factors": "",
            "decision_reason": "",
            "enthusiastic": None,
            "mail_can_harm": None,
        },
    ),
    (Consultation, "intake__trajectory__in", {"question": "", "answer": ""}),
    (Referral, "trajectory__in", {"reason": ""}),
    (ExitTalk, "trajectory__in", {"note": ""}),
    (ParentsAtExit, "trajectory__in", {"feedback": "", "tips": "", "reason": "", "answer": ""}),
    (
        FollowUpCall,
        "trajectory__in",
        {"note": "", "what_happened": "", "own_part": "", "from_others": "", "next_step": ""},
    ),
    (HandOver, "referral__trajectory__in", {"note": ""}),
    (ReturnException, "participant__trajectories__in", {"reason": "", "answer": ""}),
    (Worry, "trajectory__in", {"note": "", "broad": "", "settled_note": ""}),
    (PauseWish, "trajectory__in", {"why": ""}),
    (DataRequest, "trajectory__in", {"words": "", "answer": ""}),
    (
        Trajectory,
        "pk__in",
        {
            "heard_from": "",
            "told_by": "",
            "channel": "",
            "first_contact_when": "",
            "first_contact_with": None,
        },
    ),
)


def person_of(participant: Participant) -> Person:
    """Who is meant, on every floor."""
    stays = Trajectory.objects.filter(participant=participant).order_by("pk")
    stay_ids = tuple(stays.values_list("pk", flat=True))
    guardians = Guardian.objects.filter(participant=participant)
    subjects = {participant.pk, *stay_ids, *guardians.values_list("pk", flat=True)}
    if participant.user_id:
        subjects.add(participant.user_id)
    for model, path in ((ParentalConsent, "trajectory"), (Consultation, "intake__trajectory")):
        subjects |= set(
            model.objects.filter(**{f"{path}__in": stay_ids}).values_list("pk", flat=True)
        )
    return Person(
        participant_id=participant.pk,
        trajectory_ids=stay_ids,
        contact_id=participant.contact_id,
        contact_ids=(participant.contact_id, *guardians.values_list("contact_id", flat=True)),
        user_id=participant.user_id,
        subject_ids=subjects,
    )


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port."""
    if part == OWN:
        return own_package.sections(person)
    return rest_package.sections(person)


@told_once()
def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port. Whoever still takes part stops; the follow-up will not come."""
    stays = list(Trajectory.objects.filter(pk__in=person.trajectory_ids).order_by("pk"))
    now = clock.now()
    for stay in stays:
        follow_up.waive(stay, Trajectory.Waived.ERASED)
        if stay.phase not in Phase.OVER:
            _stop(stay, by)
    ids = person.trajectory_ids
    for model, path, changes in EMPTIED:
        model.objects.filter(**{path: ids}).update(**changes)
    referrer_data.erase(person, now)
    closed = Complaint.objects.filter(trajectory__in=ids, closed_at__isnull=False)
    ComplaintStep.objects.filter(complaint__in=closed).update(words="")
    closed.update(words="")
    BirthDateCorrection.objects.filter(participant=person.participant_id).delete()
    Judgement.objects.filter(intake__trajectory__in=ids).delete()
    CareConcern.objects.filter(trajectory__in=ids).delete()
    Worry.objects.open().filter(trajectory__in=ids).update(settled_at=now)
    ExitAgreement.objects.filter(trajectory__in=ids).delete()
    OneToOneAnswer.objects.filter(intake__trajectory__in=ids).delete()
    Recusal.objects.filter(participant=person.participant_id).delete()
    for goes in (FirstIdea, CareElsewhere, KnowsSomebody, NotTheSame):
        goes.objects.filter(trajectory__in=ids).delete()
    NotTheSame.objects.filter(other=person.participant_id).delete()
    ConsentLink.objects.filter(consent__trajectory__in=ids).delete()
    UnsafeHome.objects.filter(trajectory__in=ids, ended_at=None).update(ended_at=now)
    silences = HomeSilence.objects.filter(participant=person.participant_id)
    silences.filter(ended_at=None).update(ended_at=now)
    ParentAtWork.objects.filter(trajectory__in=ids).delete()
    ParentalConsent.objects.filter(trajectory__in=ids, revoked_at=None).update(revoked_at=now)
    Agreement.objects.filter(trajectory__in=ids, withdrawn_at=None).update(withdrawn_at=now)
    for row in SignUpReceipt.objects.filter(trajectory__in=ids).select_related("contact"):
        receipt.forget(row)
    _forget_interest(person)
    _empty(Participant.objects.get(pk=person.participant_id), now)
    changed(ids, StayFact.ERASED)


def _stop(stay: Trajectory, by: Actor) -> None:
    if stay.phase in BEFORE_TAKING_PART:
        journey.withdraw_sign_up(trajectory=stay, by=by)
        return
    journey.end_stay(
        trajectory=stay,
        exit_kind=Trajectory.ExitKind.OTHER,
        exit_reason=Trajectory.ExitReason.OWN_WISH,
        exited_on=clock.today(),
        by=by,
    )


def _empty(who: Participant, now: datetime) -> None:
    """The year of birth stays for the figures by age, on the first of January."""
    who.call_name = NO_NAME
    who.full_name = who.pronouns = who.postcode = ""
    who.address = who.emergency_name = who.emergency_phone = ""
    who.birth_date = who.birth_date.replace(month=1, day=1)
    who.erased_at = who.erased_at or now
    who.save()


def _forget_interest(person: Person) -> None:
    """A registration from before, with the same address as the own one."""
    own = Contact.objects.filter(pk=person.contact_id, email_hash__isnull=False)
    old = InterestRegistration.objects.filter(contact__email_hash__in=own.values("email_hash"))
    addresses = list(old.values_list("contact", flat=True))
    old.delete()
    for address in Contact.objects.filter(pk__in=addresses):
        address.messages.all().delete()
        address.delete()
