"""The parents' details, entered by the young person (R-102). Neither parent sees the other.

Once a parent was asked only the worker changes them: another mailbox makes every older link dead
and brings the question to the new one.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from core.mailbox import same_address
from core.messaging import outbox
from core.messaging.contacts import change_contact, create_contact
from core.messaging.models import Message
from participants.consent import needed as consent
from participants.models import (
    FeedbackConsent,
    Guardian,
    ParentalConsent,
    Participant,
    Trajectory,
)
from participants.parents import mail
from participants.parents import question as parental
from participants.recusal.recusal import hide_guardian
from participants.stay.changes import told_once
from participants.stay.lock import lock_person

MOST = 2


class Relation(TextChoices):
    MOTHER = "mother", gettext_lazy("mother")
    FATHER = "father", gettext_lazy("father")
    GUARDIAN = "guardian", gettext_lazy("guardian")
    FOSTER_PARENT = "foster_parent", gettext_lazy("foster parent")
    OTHER = "other", gettext_lazy("other")


@transaction.atomic
def enter_guardian(
    *,
    participant: Participant,
    name: str,
    relation: str,
    email: str,
    by: User,
    phone: str = "",
    language: str = "nl",
) -> Guardian:
    """Add a parent. Nothing is sent: the worker releases the mail (C-37). Locks the person.

    Raises RuleBroken with code email_needed, own_address, known_parent or enough_parents.
    """
    lock_copy(participant)
    email = same_address(email)
    _check_address(participant, email)
    there = list(Guardian.objects.filter(participant=participant).select_related("contact"))
    if any(g.contact.email == email for g in there):
        raise RuleBroken(
            _("You already entered this e-mail address."), code="known_parent", field="email"
        )
    if len(there) >= MOST:
        raise RuleBroken(
            _("Two parents is enough. Is something wrong here? Tell your youth worker."),
            code="enough_parents",
        )
    contact = create_contact(
        name=name, email=email, phone=phone, language=language, safe_channels=["email"]
    )
    guardian = Guardian.objects.create(
        participant=participant,
        contact=contact,
        relation=relation,
        entered_at=clock.now(),
        entered_by=by,
    )
    hide_guardian(guardian)
    return guardian


@transaction.atomic
@told_once()
def change_guardian(
    *,
    guardian: Guardian,
    name: str,
    relation: str,
    email: str,
    by: User,
    phone: str = "",
    other_person: bool = False,
) -> Guardian:
    """Correct the details. Another address after asking makes a new question, the old link dies.

    `other_person`: the old mailbox was never this parent's, so an answer from it does not count
    and the question is asked anew. Sends nothing to a home that is not safe. Locks the stays,
    then the person. Raises RuleBroken with code already_asked (the young person, once the mail
    is out), email_needed, own_address or known_parent.
    """
    stays = lock_person(guardian.participant, contact=False)
    person = guardian.participant
    if by.pk == person.user_id and was_written_to(guardian):
        raise RuleBroken(
            _("The mail was already sent. Ask your youth worker to change this."),
            code="already_asked",
        )
    email = same_address(email)
    _check_address(person, email)
    others = Guardian.objects.filter(participant=person).exclude(pk=guardian.pk)
    if others.filter(contact__email=email).exists():
        raise RuleBroken(
            _("The other parent already has this e-mail address."),
            code="known_parent",
            field="email",
        )
    moved = email != guardian.contact.email
    guardian.contact = change_contact(
        contact=guardian.contact, by=by, name=name, email=email, phone=phone
    )
    guardian.relation = relation
    guardian.save(update_fields=["relation"])
    if moved or other_person:
        for stay in stays:
            if stay.phase not in Trajectory.Phase.OVER:
                _readdress(guardian, stay, by, other_person)
    return guardian


def was_written_to(guardian: Guardian) -> bool:
    return (
        ParentalConsent.objects.filter(guardian=guardian).exists()
        or Message.objects.filter(kind=mail.INFORMATION, subject_id=guardian.pk).exists()
    )


def _readdress(guardian: Guardian, stay: Trajectory, by: User, other_person: bool) -> None:
    """Every link in the old mailbox is dead; the question, or the proof, goes to the new one."""
    safe = parental.is_writable(guardian, stay)
    policy = consent.policy_for(stay, clock.today())
    informed = Message.objects.filter(kind=mail.INFORMATION, subject_id=guardian.pk).exists()
    outbox.withdraw(kind=mail.INFORMATION, subject_id=guardian.pk, reason="moved")
    if informed and safe and policy.informed_only:
        parental.inform_parents(guardian=guardian, trajectory=stay, by=by)
    FeedbackConsent.objects.filter(tie__trajectory=stay, guardian=guardian).update(token_hash=None)
    rows = ParentalConsent.objects.filter(
        trajectory=stay, guardian=guardian, revoked_at__isnull=True
    )
    for row in rows.select_related("text", "released_by"):
        row.trajectory, row.guardian = stay, guardian
        row.links.all().delete()
        mail.stop_asking(row)
        if row.answer and not other_person:
            if safe and parental.is_withdrawable(row, clock.now()):
                parental.prove(row, again=True)
            continue
        row.revoked_at = clock.now()
        row.voided_at = row.revoked_at if row.answer else None
        row.save(update_fields=["revoked_at", "voided_at"])
        if safe and policy.required:
            parental.release_request(guardian=guardian, trajectory=stay, by=by)
    consent.settle(trajectory=stay, by=by)


def _check_address(participant: Participant, email: str) -> None:
    if not email:
        raise RuleBroken(
            _("We need an e-mail address of your parent."), code="email_needed", field="email"
        )
    if email == participant.contact.email:
        raise RuleBroken(
            _("This is your own e-mail address. Fill in your parent's address."),
            code="own_address",
            field="email",
        )


def of(participant: Participant) -> list[Guardian]:
    return list(Guardian.objects.filter(participant=participant).select_related("contact"))


def own_guardian(participant: Participant, guardian_id: UUID) -> Guardian | None:
    return next((g for g in of(participant) if g.pk == guardian_id), None)


def details_of(guardian: Guardian) -> dict[str, str]:
    """What a form about this parent begins with."""
    contact = guardian.contact
    return {
        "name": contact.name,
        "relation": guardian.relation,
        "email": contact.email,
        "phone": str(contact.phone),
    }
