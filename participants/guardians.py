"""The parents' details, entered by the young person (R-102). Neither parent sees the other."""

from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import RuleBroken
from core.messaging.contacts import change_contact, create_contact
from participants.models import Guardian, ParentalConsent, Participant
from participants.recusal import hide_guardian

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
    by: Any,
    phone: str = "",
    language: str = "nl",
) -> Guardian:
    """Add a parent. Nothing is sent: the worker releases the mail (C-37). Locks the person.

    Raises RuleBroken with code email_needed, own_address, known_parent or enough_parents.
    """
    Participant.objects.select_for_update().get(pk=participant.pk)
    email = email.strip().lower()
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
def change_guardian(
    *, guardian: Guardian, name: str, relation: str, email: str, by: Any, phone: str = ""
) -> Guardian:
    """Correct the details while nobody was asked yet. Raises RuleBroken("already_asked")."""
    Participant.objects.select_for_update().get(pk=guardian.participant_id)
    if ParentalConsent.objects.filter(guardian=guardian).exists():
        raise RuleBroken(
            _("The mail was already sent. Ask your youth worker to change this."),
            code="already_asked",
        )
    _check_address(guardian.participant, email.strip().lower())
    change_contact(contact=guardian.contact, by=by, name=name, email=email, phone=phone)
    guardian.relation = relation
    guardian.save(update_fields=["relation"])
    return guardian


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
