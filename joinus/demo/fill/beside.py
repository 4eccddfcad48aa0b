"""What some stays have and others do not: worries, requests, and who looked."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from core import clock
from core.audit.models import ReadEntry
from core.messaging.models import Contact
from joinus.demo.fill.stencil import GROUP
from participants.models import (
    CareConcern,
    Complaint,
    ComplaintStep,
    Consultation,
    DataRequest,
    FirstIdea,
    HandOver,
    Recusal,
    Referrer,
    ReferrerTie,
    Worry,
)

if TYPE_CHECKING:
    from joinus.demo.fill.stays import Stay  # which leans on this


def looked(stay: "Stay", day: date) -> None:
    stay.block.add(
        ReadEntry,
        user_id=stay.by,
        at=clock.at(day, 15),
        record="file",
        subject_ids=[stay.row.pk],
        session="0123456789abcdef",
    )


def handed_over(stay: "Stay", referral: UUID, at: datetime) -> None:
    if at < stay.block.now:
        stay.block.add(
            HandOver,
            referral_id=referral,
            outcome="arrived",
            to="social_team",
            by_id=stay.by,
            at=at,
        )


def worried(stay: "Stay", day: date) -> None:
    at = clock.at(day, 21)
    stay.block.add(
        Worry, trajectory_id=stay.row.pk, by_id=stay.by, at=at, note="Stil de laatste keer."
    )


def care_concern(stay: "Stay", day: date) -> None:
    stay.block.add(
        CareConcern,
        trajectory_id=stay.row.pk,
        by_id=stay.by,
        at=clock.at(day, 21),
        what="Slaapt slecht.",
        agreed_on=day,
    )


def first_idea(stay: "Stay", day: date) -> None:
    stay.block.add(
        FirstIdea,
        trajectory_id=stay.row.pk,
        profile="social_skills",
        by_id=stay.by,
        at=clock.at(day, 17),
    )


def advice(stay: "Stay", intake: UUID, day: date) -> None:
    """The coordinator was asked, and has yet to answer."""
    stay.block.add(
        Consultation,
        intake_id=intake,
        asked_by_id=stay.by,
        asked_at=clock.at(day, 17),
        question="Past dit bij ons?",
    )


def recused(stay: "Stay", day: date) -> None:
    """The second worker knows this person; mails about them are not for their eyes."""
    worker = stay.block.workers[1]
    stay.block.add(
        Recusal,
        participant_id=stay.person.pk,
        worker_id=worker,
        said_by="worker",
        by_id=worker,
        at=clock.at(day, 17),
    )
    stay.block.add(Contact.hidden_from.through, contact_id=stay.contact.pk, user_id=worker)


def pointed_here(stay: "Stay", day: date) -> None:
    """A mentor at school knows that this young person came."""
    block = stay.block
    contact = block.add(
        Contact, name="Karin de Boer", email=f"k{GROUP}@school.example", safe_channels=["email"]
    )
    referrer = block.add(
        Referrer,
        organisation_id=block.organisation,
        function="mentor",
        workplace="Het College",
        contact_id=contact.pk,
        entered_by_id=stay.by,
        entered_at=clock.at(day, 17),
    )
    block.add(
        ReferrerTie,
        trajectory_id=stay.row.pk,
        referrer_id=referrer.pk,
        entered_by_id=stay.by,
        entered_at=clock.at(day, 17),
    )


def told_elsewhere(stay: "Stay", day: date) -> None:
    """Something was wrong; the coordinator heard it, and it is settled."""
    at = clock.at(day, 20)
    complaint = stay.block.add(
        Complaint,
        trajectory_id=stay.row.pk,
        group_id=stay.block.group,
        region_id=stay.block.region,
        to_id=stay.block.reference.foundation,
        words="Het was te druk.",
        told_at=at,
        answer_by=day + timedelta(days=7),
        closed_at=at + timedelta(days=2),
        closed_by_id=stay.block.reference.foundation,
    )
    stay.block.add(
        ComplaintStep,
        complaint_id=complaint.pk,
        kind="answer",
        by_id=stay.block.reference.foundation,
        at=at + timedelta(days=2),
        words="We praten erover.",
    )


def asked_for_data(stay: "Stay", day: date) -> None:
    """A correction was asked for, and made."""
    at = clock.at(day, 20)
    stay.block.add(
        DataRequest,
        trajectory_id=stay.row.pk,
        kind="correction",
        words="Mijn postcode klopt niet.",
        asked_at=at,
        written_by_id=stay.person.user_id,
        due_on=day + timedelta(days=30),
        outcome="done",
        answer="Aangepast.",
        answered_at=at + timedelta(days=1),
        answered_by_id=stay.by,
    )
