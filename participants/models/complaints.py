from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.models import RoleAssignment
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.recusal import Recusal, not_recused
from participants.models.stay import Trajectory
from participants.permissions import (
    HEAR_COMPLAINTS,
)


def _still_hears() -> Q:
    """The named person holds a role that hears it today, is not of the group and stays not out."""
    today = RoleAssignment.objects.in_force(clock.today()).filter(
        user=OuterRef("to"), user__is_active=True
    )
    hears = today.filter(
        Q(role=Role.REGIONAL_COORDINATOR, region=OuterRef("region"))
        | Q(role=Role.QUALITY_COORDINATOR)
    )
    near = RoleAssignment.objects.filter(user=OuterRef("to"), role=Role.YOUTH_WORKER).filter(
        Q(group=OuterRef("group")) | Q(group=OuterRef("trajectory__group"))
    )
    out = Recusal.objects.in_force().filter(
        worker=OuterRef("to"),
        participant=OuterRef("trajectory__participant"),
    )
    return Q(Exists(hears), ~Exists(near), ~Exists(out))


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Viewer) -> ComplaintQuerySet:
        """The own words, or for the person who was named, as long as they hold the region.

        Whoever works or worked in the group it is about, or in the group of now, sees nothing,
        whatever other roles they have. When the named person can no longer read it (another
        role, another region, now in the group), everybody else who may hear complaints there can.
        """
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        far = reach(user, HEAR_COMPLAINTS)
        here = self if far.national else self.filter(region__in=far.regions)
        roles = RoleAssignment.objects.filter(user=user.pk, role=Role.YOUTH_WORKER)
        own_groups = roles.values("group")
        here = here.filter(not_recused(user, "trajectory__participant"))
        here = here.exclude(group__in=own_groups).exclude(trajectory__group__in=own_groups)
        return here.filter(Q(to=user) | ~_still_hears())


class Complaint(models.Model):
    """Something is not okay: told to a named person outside the group (trust.md 11a).

    No file, list, time line, message, to-do or count of the group's workers leads here. It starts
    at `visible_to`, which knows who works, or worked, in the group it is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="complaints")
    group = models.ForeignKey(
        "organisations.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The group of that moment, whoever moved since."),
    )
    region = models.ForeignKey("organisations.Region", on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField()
    told_at = models.DateTimeField()
    answer_by = models.DateField(help_text=_("The day that was promised to the young person."))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-told_at"]
        indexes = [models.Index(fields=["region", "closed_at"])]

    def __str__(self) -> str:
        return str(self.id)


class ComplaintStep(models.Model):
    """What happened with it: an answer to the young person, a note, or more of their own words."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer to the young person")
        NOTE = "note", _("what I did")
        MORE = "more", _("more from the young person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = EncryptedTextField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {clock.day_of(self.at)}"
