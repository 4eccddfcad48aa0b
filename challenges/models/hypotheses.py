"""What the two workers think lies under the behaviour (R-150, R-151, R-153, R-157)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from challenges.models.challenge import seen_by_workers
from challenges.models.mechanism import Mechanism
from challenges.models.observing import Observation
from core.accounts.actors import Viewer
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models import Trajectory


class HypothesisQuerySet(models.QuerySet["Hypothesis"]):
    def visible_to(self, user: Viewer) -> HypothesisQuerySet:
        """Of the groups this youth worker leads; nobody else reads it on a screen (R-154)."""
        return self.filter(seen_by_workers(user, "trajectory"))

    def standing(self) -> HypothesisQuerySet:
        """Side by side: not dropped, not replaced by a changed one."""
        return self.filter(outcome__in=["", "confirmed"])


class Hypothesis(models.Model):
    """One possible explanation, and what the talk made of it (R-157).

    `version` rises when its words or its mechanism change: opinions belong to a version. A
    changed one points to what stands `instead`. `outcome_on`: the day of the talk; `outcome_at`:
    when that was written down.
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("recognised in the talk")
        CHANGED = "changed", _("changed after the talk")
        DROPPED = "dropped", _("let go")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = models.UUIDField(unique=True)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="hypotheses")
    text = EncryptedTextField()
    mechanism = models.CharField(max_length=40, choices=Mechanism.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    outcome_on = models.DateField(null=True, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome_text = EncryptedTextField(blank=True)
    instead = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces"
    )

    objects = HypothesisQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on__isnull=True, outcome_by__isnull=True)
                | Q(~Q(outcome=""), outcome_on__isnull=False, outcome_by__isnull=False),
                name="hypothesis_open_or_with_an_outcome",
            )
        ]


class HypothesisObservation(models.Model):
    """An observation that a hypothesis rests on; of the same stay (R-150)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hypothesis = models.ForeignKey(Hypothesis, on_delete=models.CASCADE, related_name="grounds")
    observation = models.ForeignKey(
        Observation, on_delete=models.CASCADE, related_name="hypotheses"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hypothesis", "observation"], name="observation_under_a_hypothesis_once"
            )
        ]


class Opinion(models.Model):
    """Whether a youth worker agrees with a hypothesis, as it stood then (R-153)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hypothesis = models.ForeignKey(Hypothesis, on_delete=models.CASCADE, related_name="opinions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    text = EncryptedTextField(blank=True)
    of_version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hypothesis", "by"], name="one_opinion_of_a_worker_on_a_hypothesis"
            )
        ]
