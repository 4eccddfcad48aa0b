"""What the sweep remembers of each step: who runs it now, how far it looked, what it found."""

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
    reached = models.UUIDField(
        null=True, help_text=_("A turn was stopped behind this row; the next one goes on there.")
    )
    amiss_at = models.DateTimeField(
        null=True, help_text=_("When something was last found that a lost call should have done.")
    )
    amiss = models.PositiveIntegerField(
        default=0, db_default=0, help_text=_("How many rows that turn found and put right.")
    )

    def __str__(self) -> str:
        return self.name
