from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.recusal import not_recused
from participants.models.stay import Trajectory
from participants.permissions import (
    ANSWER_REQUESTS,
)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: Viewer) -> DataRequestQuerySet:
        """The own ones; those of the worker's groups; without a group the coordinator's."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        far = reach(user, ANSWER_REQUESTS)
        known = self.filter(
            not_recused(user, "trajectory__participant"), trajectory__participant__erased_at=None
        )
        return known.filter(
            Q(trajectory__in=Trajectory.objects.visible_to(user))
            | Q(trajectory__group__isnull=True, trajectory__region__in=far.regions)
        )

    def late_for(self, user: Viewer, day: date) -> DataRequestQuerySet:
        """Not answered by `day`, in the groups of this coordinator's regions: who, not what."""
        far = reach(user, ANSWER_REQUESTS)
        return self.filter(
            not_recused(user, "trajectory__participant"),
            answered_at=None,
            due_on__lte=day,
            trajectory__group__location__region__in=far.regions,
            trajectory__participant__erased_at=None,
        )

    def open(self) -> DataRequestQuerySet:
        return self.filter(answered_at=None)


class DataRequest(models.Model):
    """Somebody asks for a copy, a correction or deletion of data; answered by a person (R-101).

    A parent's request is written down by a worker; the child is heard before it is answered, and
    nothing of the child is given out by a button (C-40).
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("a copy of the rest")
        CORRECTION = "correction", _("a correction")
        DELETION = "deletion", _("deletion")

    class Asker(models.TextChoices):
        SELF = "self", _("the young person")
        PARENT = "parent", _("a parent")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        PARTLY = "partly", _("partly done")
        REFUSED = "refused", _("not done")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="data_requests"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asker = models.CharField(max_length=6, choices=Asker.choices, default=Asker.SELF)
    words = EncryptedTextField(blank=True)
    asked_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(help_text=_("One month after it was asked."))
    child_heard_on = models.DateField(
        null=True, blank=True, help_text=_("A parent asked: the young person was heard (C-40).")
    )
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Somebody looked whether others appear in it (C-35).")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    read_together_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "kind", "asker"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_request_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", answered_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(answered_at__isnull=False)),
                name="request_outcome_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "refused", "taken_back"])
                | models.Q(asker="self")
                | models.Q(child_heard_on__isnull=False),
                name="parent_gets_nothing_before_the_child_is_heard",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="copy", outcome__in=["done", "partly"])
                | (models.Q(checked_at__isnull=False) & models.Q(read_together_on__isnull=False))
                | models.Q(asker="parent"),
                name="copy_is_checked_and_read_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {clock.day_of(self.asked_at)}"
