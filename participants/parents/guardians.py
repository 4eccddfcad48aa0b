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
from core.mailbox import same_address, same_mailbox
from core.messaging import outbox
from core.messaging.contacts import change_contact, create_contact
from core.messaging.models import Message
from participants.consent import needed as consent
from participants.models import (
    FeedbackConsent,
    Guardian,
    Intake,
    ParentalConsent,
    Participant,
    Trajectory,
)
from participants.parents import addresses, mail, mail_home
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

    An address of a professional waits for the coordinator. Raises RuleBroken with code
    known_parent, enough_parents, or one of `addresses.check`.
    """
    lock_copy(participant)
    email = same_address(email)
    addresses.check(participant, email, by)
    there = list(Guardian.objects.filter(participant=participant).select_related("contact"))
    if any(same_mailbox(g.contact.email, email) for g in there):
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
    addresses.look_at(guardian, _newest_stay(participant))
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
    is out), known_parent, same_mailbox, or one of `addresses.check`. After a no nothing is sent
    by itself: whether a mail can do harm is asked again, and the question is released by hand.
    """
    stays = lock_person(guardian.participant, contact=False)
    person = guardian.participant
    if by.pk == person.user_id and was_written_to(guardian):
        raise RuleBroken(
            _("The mail was already sent. Ask your youth worker to change this."),
            code="already_asked",
        )
    email = same_address(email)
    addresses.check(person, email, by)
    others = Guardian.objects.filter(participant=person).exclude(pk=guardian.pk)
    if any(same_mailbox(other.contact.email, email) for other in others.select_related("contact")):
        raise RuleBroken(
            _("The other parent already has this e-mail address."),
            code="known_parent",
            field="email",
        )
    moved = email != guardian.contact.email
    no = mail_home.last_no(guardian)
    if other_person and no is not None and same_mailbox(email, guardian.contact.email):
        raise RuleBroken(
            _("Fill in the right address. This parent said no from the address that stands here."),
            code="same_mailbox",
            field="email",
        )
    guardian.contact = change_contact(
        contact=guardian.contact, by=by, name=name, email=email, phone=phone
    )
    guardian.relation = relation
    guardian.save(update_fields=["relation"])
    addresses.look_at(guardian, _newest_stay(person))
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
    safe = mail_home.is_writable(guardian, stay)
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
        was_no = row.is_no
        row.revoked_at = clock.now()
        row.voided_at = row.revoked_at if row.answer else None
        row.save(update_fields=["revoked_at", "voided_at"])
        if was_no:  # never asked again by itself: is it safe, and released by hand (C-37, C-47)
            Intake.objects.filter(trajectory=stay).update(mail_can_harm=None)
        elif policy.required and mail_home.is_writable(guardian, stay):
            parental.release_request(guardian=guardian, trajectory=stay, by=by)
    consent.settle(trajectory=stay, by=by)


def _newest_stay(participant: Participant) -> Trajectory | None:
    stays = Trajectory.objects.filter(participant=participant)
    return stays.order_by("-signed_up_at").first()


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
