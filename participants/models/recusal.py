"""Who knows whom: a worker who stays out of somebody's stay, and friends met again in a group."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.person import Participant
from participants.models.stay import Trajectory
from participants.querysets import RecusalQuerySet


class Recusal(models.Model):
    """This worker knows the person or the family: everything about them is hidden (trust.md 3).

    It hangs on the person, so a later stay stays closed too. Why is not asked and not kept.
    """

    class Said(models.TextChoices):
        YOUNG_PERSON = "young_person", _("the young person")
        WORKER = "worker", _("the youth worker")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="recusals")
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals"
    )
    said_by = models.CharField(max_length=12, choices=Said.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Nobody: said with the sign-up."),
    )
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "worker"],
                condition=models.Q(ended_at__isnull=True),
                name="one_recusal_in_force",
            )
        ]


class KnowsSomebody(models.Model):
    """'I know somebody in the group': the workers keep it in mind. Who it is, is never needed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.OneToOneField(
        Trajectory, on_delete=models.CASCADE, related_name="knows_somebody"
    )
    note = EncryptedTextField(blank=True)
    at = models.DateTimeField()
