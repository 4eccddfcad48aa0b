"""Care concerns (zorgvraag): written down and shared in consultation with the young person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.stay import Trajectory, files_of


class CareConcernQuerySet(models.QuerySet["CareConcern"]):
    def visible_to(self, user: Viewer) -> CareConcernQuerySet:
        """The own group's workers only; the young person reads it together with them (C-35)."""
        return self.filter(trajectory__in=files_of(user).values("pk"))


class Together(models.Model):
    """Agreed with the young person on a day, or acute danger: whom the worker consulted and why
    it could not wait. One of the two, never neither (R-093).
    """

    agreed_on = models.DateField(null=True, blank=True)
    acute = models.BooleanField(default=False)
    consulted = EncryptedTextField(blank=True, help_text=_("Who was consulted."))
    could_not_wait = EncryptedTextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_on__isnull=False, acute=False)
                | (
                    models.Q(agreed_on__isnull=True, acute=True)
                    & ~models.Q(consulted="")
                    & ~models.Q(could_not_wait="")
                ),
                name="%(class)s_agreed_or_acute",
            )
        ]


class CareConcern(Together):
    """What is the matter, as agreed with the young person. Read by the own group's workers only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="care_concerns"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = EncryptedTextField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_note = EncryptedTextField(blank=True)

    objects = CareConcernQuerySet.as_manager()

    class Meta(Together.Meta):
        ordering = ["-at"]


class CareShare(Together):
    """Who was told, when, and what exactly."""

    class To(models.TextChoices):
        PARENTS = "parents", _("parents")
        SCHOOL = "school", _("school")
        CARE = "care", _("care (GP, social team, therapist)")
        EMERGENCY = "emergency", _("112, police or crisis service")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concern = models.ForeignKey(CareConcern, on_delete=models.CASCADE, related_name="shares")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    to = models.CharField(max_length=10, choices=To.choices)
    whom = EncryptedTextField()
    what = EncryptedTextField()
    shared_on = models.DateField()

    class Meta(Together.Meta):
        ordering = ["at"]
