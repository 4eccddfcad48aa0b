from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField


class Discussed(models.Model):
    """A worker wrote down that this was decided with a coordinator: what that coordinator says.

    `NAMED` is the field that names the coordinator. Answered once, by the one who was named,
    or by a successor, who is named from then on; a "not discussed" is heard by a worker afterwards.
    """

    NAMED = ""

    discussed = models.BooleanField(
        null=True, help_text=_("What the coordinator who was named says: discussed, or not.")
    )
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def named(self) -> Any:
        return getattr(self, self.NAMED)


#: An answer has its moment, and only an answer has one.
ANSWERED_OR_NOT = models.Q(discussed__isnull=True, answered_at__isnull=True) | models.Q(
    discussed__isnull=False, answered_at__isnull=False
)
