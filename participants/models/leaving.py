from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.agreements import Guardian
from participants.models.discussed import (
    ANSWERED_OR_NOT,
    Discussed,
    DiscussedQuerySet,
    without_the_named,
)
from participants.models.stay import Trajectory
from participants.permissions import (
    CONSULT,
)


class ParentsAtExitQuerySet(DiscussedQuerySet["ParentsAtExit"]):
    def visible_to(self, user: Viewer) -> ParentsAtExitQuerySet:
        """Exceptions that name this coordinator, while they hold the region; else as C-37's."""
        return self._theirs(
            user,
            self._asked_of(user, without_the_named("coordinator")),
            coordinator__isnull=False,
            trajectory__region__in=reach(user, CONSULT).regions,
        )


SCALE = range(11)


class ExitTalk(models.Model):
    """The talk about leaving, with the two scaling questions (R-179). Never rewritten.

    The participant decides (R-094): `ready` is their own word. A scale is 0 to 10, or empty when
    they rather gave no figure.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="exit_talks")
    held_on = models.DateField()
    challenge_reached = models.PositiveSmallIntegerField(null=True, blank=True)
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True)
    ready = models.BooleanField()
    note = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(challenge_reached__isnull=True) | Q(challenge_reached__lte=SCALE[-1]),
                name="challenge_reached_0_to_10",
            ),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True) | Q(satisfied__lte=SCALE[-1]),
                name="satisfied_0_to_10",
            ),
        ]


class ExitAgreement(models.Model):
    """What somebody still wants to learn, often outside Join Us (R-181); they see it too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="exit_agreements"
    )
    text = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]


class ParentsAtExit(Discussed):
    """The contact with the parents before somebody under 16 leaves, or its exception (R-109).

    Spoken: feedback and tips. Exception: a reason, and the coordinator it was decided with.
    """

    NAMED = "coordinator"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="parents_at_exit"
    )
    guardian = models.ForeignKey(
        Guardian, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    spoken_on = models.DateField(null=True, blank=True)
    feedback = EncryptedTextField(blank=True)
    tips = EncryptedTextField(blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ParentsAtExitQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=ANSWERED_OR_NOT
                & (Q(discussed__isnull=True) | Q(coordinator__isnull=False)),
                name="parents_at_exit_answered_or_not",
            ),
            models.CheckConstraint(
                condition=Q(spoken_on__isnull=False, coordinator__isnull=True)
                | Q(spoken_on__isnull=True, coordinator__isnull=False),
                name="parents_spoken_or_an_exception",
            ),
        ]

    @property
    def is_exception(self) -> bool:
        return self.coordinator_id is not None
