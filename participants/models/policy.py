"""Behind the question whether parents decide: the policy, and a birth date that was wrong."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.organisations.models import Organisation
from participants.models.person import Participant


class ConsentPolicyChange(models.Model):
    """What an organisation asks of parents from one moment on, and who set it (C-36)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="consent_policies"
    )
    policy = models.CharField(max_length=10, choices=Organisation.ConsentPolicy.choices)
    age = models.PositiveSmallIntegerField()
    basis = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(policy="required") | ~models.Q(basis=""),
                name="informed_only_was_set_with_a_basis",
            )
        ]


class BirthDateCorrection(models.Model):
    """A date of birth that was wrong: what it was, what it is, who changed it and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="birth_date_corrections"
    )
    before = models.DateField()
    after = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = EncryptedTextField(_("how do you know?"))

    class Meta:
        ordering = ["at"]
