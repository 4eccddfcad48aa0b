"""What the sweep remembers of each step: who runs it now, and how far it has looked."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepState(models.Model):
    """One step of the sweep. Nothing about people; without the row a step begins anew."""

    name = models.CharField(primary_key=True, max_length=40)
    looked_until = models.DateTimeField(
        null=True, help_text=_("Whatever happened before this moment was looked at.")
    )
    claim = models.UUIDField(null=True, help_text=_("Who runs the step now."))
    claimed_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(
        null=True, help_text=_("The first of the turns that failed one after the other.")
    )

    def __str__(self) -> str:
        return self.name
