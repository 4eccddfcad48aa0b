"""Who knows whom: a worker who stays out of somebody's stay, and friends met again in a group."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.permissions import (
    CONSULT,
)


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def in_force(self) -> RecusalQuerySet:
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: Viewer) -> RecusalQuerySet:
        """The coordinator of the region: the one who lets somebody in again, never themselves."""
        regions = reach(user, CONSULT).regions
        here = Recusal.objects.filter(participant__trajectories__region__in=regions)
        return self.filter(
            not_recused(user),
            participant__in=here.values("participant"),
        )


class Recusal(models.Model):
    """This worker knows the person or the family: everything about them is hidden (trust.md 3).

    It hangs on the person, so a later stay stays closed too. Why is not asked and not kept.
    """

    class Said(models.TextChoices):
        YOUNG_PERSON = "young_person", _("the young person")
        WORKER = "worker", _("the youth worker")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(
        "participants.Participant", on_delete=models.CASCADE, related_name="recusals"
    )
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
        "participants.Trajectory", on_delete=models.CASCADE, related_name="knows_somebody"
    )
    note = EncryptedTextField(blank=True)
    at = models.DateTimeField()


def not_recused(user: Viewer, path: str = "participant") -> Q:
    """Leaves out people this professional stays out of; `path` leads from the row to the person.

    Every list or page about a person starts with it, on every floor: `visible_to` of
    participants, groups and questionnaires does, and so does each to-do (trust.md 3). It holds
    for a coordinator as for a worker (ADR 0008).
    """
    hers = Recusal.objects.in_force().filter(worker=user.pk)
    return ~Q(**{f"{path}__in": hers.values("participant")})
