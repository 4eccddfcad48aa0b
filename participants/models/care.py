from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.person import Participant
from participants.models.stay import Trajectory


class FollowUpCall(models.Model):
    """The worker telephones a former participant (R-191); three at most (R-194)."""

    class Outcome(models.TextChoices):
        WELL = "well", _("goes well")
        SUPPORT = "support", _("would like some support")
        NOT_REACHED = "not_reached", _("not reached")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="follow_up_calls"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["at"]


class ReturnException(models.Model):
    """A former participant may sign up again, discussed with the coordinator (R-195)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="return_exceptions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    discussed_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    reason = EncryptedTextField()
    used_by = models.OneToOneField(
        Trajectory, null=True, blank=True, on_delete=models.PROTECT, related_name="return_exception"
    )
