"""What happens on the way: worries, a pause that was asked for, and who heard of a goodbye."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.recusal import not_recused
from participants.models.stay import Trajectory, files_of
from participants.permissions import (
    CONSULT,
)


class WorryQuerySet(models.QuerySet["Worry"]):
    def visible_to(self, user: Viewer) -> WorryQuerySet:
        """Whoever may open the file, except the young person: the own group's workers."""
        return self.filter(trajectory__in=files_of(user).values("pk"))

    def broadly_visible_to(self, user: Viewer) -> WorryQuerySet:
        """Put to the coordinator of the region: its broad words, nothing behind them."""
        regions = reach(user, CONSULT).regions
        return self.filter(
            not_recused(user, "trajectory__participant"),
            asked_at__isnull=False,
            trajectory__region__in=regions,
        )

    def open(self) -> WorryQuerySet:
        return self.filter(settled_at__isnull=True)


class Worry(models.Model):
    """A worker is worried about somebody; it stands on top until both agreed what to do (R-091).

    `broad` is all that the coordinator reads: no name, broad terms.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="worries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = EncryptedTextField(blank=True)
    broad = EncryptedTextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The coordinator was asked to think along.")
    )
    thought_along_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    thought_along_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_note = EncryptedTextField(blank=True)

    objects = WorryQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_worry_per_stay",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at__isnull=False)
                | models.Q(thought_along_at__isnull=True),
                name="only_who_is_asked_thinks_along",
            ),
        ]


class PauseWish(models.Model):
    """The young person asks for a pause; a worker talks it over."""

    class Outcome(models.TextChoices):
        PAUSED = "paused", _("pause agreed")
        GOES_ON = "goes_on", _("goes on")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="pause_wishes"
    )
    asked_at = models.DateTimeField()
    why = EncryptedTextField(blank=True)
    back_on = models.DateField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_pause_wish_per_stay",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="settled_pause_wish_has_an_outcome",
            ),
        ]


class StopHeard(models.Model):
    """A worker has read that somebody stopped; each of the group's workers hears it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="stops_heard")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "by"], name="heard_once_per_worker")
        ]
