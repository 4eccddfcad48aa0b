"""Which support somebody gets: prepared for a meeting, and given there (R-135, R-174, R-175)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from challenges.models.challenge import Challenge, seen_by_workers
from challenges.models.reference import SupportForm
from core.accounts.actors import Viewer
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models import Trajectory


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def visible_to(self, user: Viewer) -> PreparationQuerySet:
        return self.filter(seen_by_workers(user, "trajectory"))


class Preparation(models.Model):
    """What the workers have in mind for one person at one meeting: a role, in their own words.

    `version` rises with every save.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey("groups.Meeting", on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="preparations"
    )
    challenge = models.ForeignKey(
        Challenge, null=True, blank=True, on_delete=models.SET_NULL, related_name="preparations"
    )
    role = EncryptedTextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = PreparationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory"], name="one_preparation_per_person_and_meeting"
            )
        ]


class PlannedSupport(models.Model):
    """A support form in mind for somebody at a meeting; one tap afterwards makes it a use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="planned")
    form = models.ForeignKey(SupportForm, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["preparation", "form"], name="planned_support_once")
        ]


class SupportUseQuerySet(models.QuerySet["SupportUse"]):
    def visible_to(self, user: Viewer) -> SupportUseQuerySet:
        return self.filter(seen_by_workers(user, "trajectory"))

    def in_force(self) -> SupportUseQuerySet:
        return self.filter(taken_back_at__isnull=True)


class SupportUse(models.Model):
    """A support form was used with somebody at a meeting (R-175).

    Alone or in the group; by a youth worker or by another participant, whose name is kept nowhere.
    """

    class Setting(models.TextChoices):
        ALONE = "alone", _("individually")
        GROUP = "group", _("in the group")

    class Giver(models.TextChoices):
        WORKER = "worker", _("by a youth worker")
        PEER = "peer", _("by a participant")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey("groups.Meeting", on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="support_uses"
    )
    challenge = models.ForeignKey(
        Challenge, null=True, blank=True, on_delete=models.SET_NULL, related_name="support_uses"
    )
    form = models.ForeignKey(SupportForm, on_delete=models.PROTECT, related_name="uses")
    setting = models.CharField(max_length=5, choices=Setting.choices, default=Setting.ALONE)
    giver = models.CharField(max_length=6, choices=Giver.choices, default=Giver.WORKER)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = SupportUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory", "form", "setting", "giver"],
                condition=Q(taken_back_at__isnull=True),
                name="support_used_once_per_way",
            )
        ]
        indexes = [models.Index(fields=["trajectory", "meeting"], name="support_of_a_stay")]
