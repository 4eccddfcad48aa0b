from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField
from core.ids import uuid7


class NotTheSame(models.Model):
    """A worker looked: this sign-up is not the other person who seems the same (R-343)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="not_the_same"
    )
    other = models.ForeignKey(
        "participants.Participant", on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = EncryptedTextField()

    class Meta:
        verbose_name = _("not the same person")
        verbose_name_plural = _("not the same person")
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "other"], name="not_the_same_said_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
