from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.columns import SealedTelephone
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.mailbox import same_mailbox
from participants.models.recusal import not_recused
from participants.permissions import (
    SEE_FILE,
)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: Viewer) -> ParticipantQuerySet:
        """The own person, and the people of the stays whose file this user may open."""
        if is_participant(user):
            return self.filter(user=user)
        q = reach(user, SEE_FILE).as_q("trajectories__group__")
        stays = Participant.objects.filter(q, not_recused(user, "pk"))
        return self.filter(pk__in=stays.values("pk"))


class Participant(models.Model):
    """The person. The call name is used everywhere inside, the full name only towards parents."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participant",
    )
    contact = models.OneToOneField(
        "messaging.Contact", on_delete=models.PROTECT, related_name="participant"
    )
    call_name = models.CharField(_("call name"), max_length=40)
    full_name = models.CharField(
        _("name"), max_length=80, blank=True, help_text=_("For the mail to your parents.")
    )
    pronouns = models.CharField(_("pronouns"), max_length=30, blank=True)
    birth_date = models.DateField(_("date of birth"))
    municipality = models.ForeignKey(
        "organisations.Municipality", on_delete=models.PROTECT, related_name="+"
    )
    postcode = models.CharField(_("postcode"), max_length=4, help_text=_("Four digits."))
    address = EncryptedTextField(_("address"), blank=True)
    emergency_name = EncryptedTextField(_("emergency contact"), blank=True)
    emergency_phone = SealedTelephone(_("their telephone"), blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Only counts are left of this person.")
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        indexes = [models.Index(fields=["birth_date"], name="people_by_birth_date")]
        triggers = [
            pgtrigger.Trigger(
                name="stays_follow_the_name",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("call_name", "erased_at", "birth_date", "postcode"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.AnyChange("call_name", "erased_at", "birth_date", "postcode"),
                func=(
                    "UPDATE participants_trajectory SET search_name = ''"
                    " WHERE participant_id = NEW.id;"
                    " PERFORM tell_apart(group_id, region_id, search_name)"
                    " FROM participants_trajectory WHERE participant_id = NEW.id;"
                    " RETURN NULL;"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.call_name

    def has_mailbox(self, email: str) -> bool:
        """Does this address, however it is spelled, arrive with this very person? (R-347)"""
        own = [self.contact.email, self.user.email if self.user else ""]
        return any(same_mailbox(email, known or "") for known in own)
