"""An activity that costs somebody too much: said to the youth workers alone (R-098)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.seats import PERSON
from groups.permissions import HANDLE_FUNDING
from participants.models.recusal import not_recused


class FundingRequestQuerySet(models.QuerySet["FundingRequest"]):
    def visible_to(self, user: Viewer) -> FundingRequestQuerySet:
        """The own ones; and for who leads the group now. No coordinator, no manager, no group."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, HANDLE_FUNDING).as_q("trajectory__group__"), not_recused(user, PERSON)
        )

    def waiting(self) -> FundingRequestQuerySet:
        """Said, not taken back, and nobody settled it yet."""
        return self.filter(settled_at__isnull=True, taken_back_at__isnull=True)


class FundingRequest(models.Model):
    """*This costs too much for me*, and what the youth workers did about it.

    Said by the young person, or written down by a worker who was told. Words are sealed.
    """

    class Outcome(models.TextChoices):
        PAID = "paid", _("Paid from the special fund")
        CHEAPER = "cheaper", _("The group does it in a cheaper way")
        OTHERWISE = "otherwise", _("Arranged in another way")
        NOT_NEEDED = "not_needed", _("Talked about it, nothing is needed")
        NOT_POSSIBLE = "not_possible", _("Talked about it, it was not possible")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="funding_requests"
    )
    activity = models.ForeignKey(
        "groups.Activity",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="funding_requests",
        help_text=_("Nothing: it is about activities in general."),
    )
    words = EncryptedTextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    amount_cents = models.PositiveIntegerField(null=True, blank=True)
    note = EncryptedTextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = FundingRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "activity"],
                condition=models.Q(settled_at__isnull=True, taken_back_at__isnull=True),
                nulls_distinct=False,
                name="one_funding_request_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="settled_funding_has_an_outcome",
            ),
        ]
