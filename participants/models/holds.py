"""Waiting: days on which nothing opens, is sent or becomes missed."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.ids import uuid7
from participants.models.stay import Trajectory


class HoldQuerySet(models.QuerySet["Hold"]):
    def running(self) -> HoldQuerySet:
        """Not settled yet. One that began and ended on one day has no days, and no upper end
        either: a missing end alone says nothing."""
        return self.filter(days__upper_inf=True, until_at__isnull=True)


class Hold(models.Model):
    """Days on which nothing opens, is sent or missed: half-open [from, until).

    The moments tell which evenings it covered (R-353, C-43). Waiting for a yes may begin and end
    on one day: then `days` is empty and only the moments are there. Without moments (written by
    the program of before) a day begins at its midnight.
    """

    class Kind(models.TextChoices):
        BLOCKED = "blocked", _("waits for a yes")
        PAUSED = "paused", _("paused")
        HELD = "held", _("wants no messages")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    days = DateRangeField(help_text=_("The day of settlement is free."))
    from_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Its first moment: an evening is judged by it (C-43).")
    )
    until_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The moment of settlement, free itself.")
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["days"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "kind"],
                condition=models.Q(days__upper_inf=True),
                name="one_running_hold_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"

    @property
    def began_at(self) -> datetime:
        return self.from_at or clock.at(self.days.lower)

    @property
    def ended_at(self) -> datetime | None:
        """None while it runs."""
        if self.until_at is None and self.days.upper is not None:
            return clock.at(self.days.upper)
        return self.until_at
