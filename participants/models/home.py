"""Parents who may not be asked, or not again: what the young person said, and who came back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.agreements import Guardian, ParentalConsent
from participants.models.person import Participant
from participants.models.recusal import not_recused
from participants.models.stay import Trajectory
from participants.permissions import CONSULT, DECIDE


class AskedAgain(models.Model):
    """A parent who said no, or took a yes back, came back to it: one more question (C-47)."""

    class How(models.TextChoices):
        RANG_BACK = "rang_back", _("I rang back on the number that was known")
        IN_PERSON = "in_person", _("No number was known: the parent was here in person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consent = models.ForeignKey(
        ParentalConsent, on_delete=models.CASCADE, related_name="asked_again"
    )
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    heard_on = models.DateField(help_text=_("The day on which this parent asked for it."))
    how = models.CharField(max_length=9, choices=How.choices)
    number = EncryptedTextField(blank=True, help_text=_("The number that was rung."))
    words = EncryptedTextField(blank=True)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["consent"],
                condition=models.Q(used_at__isnull=True),
                name="one_way_back_at_a_time",
            )
        ]


class HomeSilenceQuerySet(models.QuerySet["HomeSilence"]):
    def with_called(self) -> models.QuerySet[Any]:
        """Each with `called`: the name of this person in the newest stay, told apart (R-343)."""
        stays = Trajectory.objects.filter(participant=models.OuterRef("participant"))
        newest = stays.order_by("-signed_up_at").values("shown_name")[:1]
        return self.annotate(called=models.Subquery(newest))

    def in_force(self) -> HomeSilenceQuerySet:
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: Viewer) -> HomeSilenceQuerySet:
        """For whoever guides them; without a group, or when nobody talked in time, the region."""
        stays = Trajectory.objects.filter(participant=OuterRef("participant"))
        guided = stays.visible_to(user).filter(group__in=reach(user, DECIDE).groups)
        near = stays.filter(region__in=reach(user, CONSULT).regions)
        alone = Exists(near.filter(group__isnull=True))
        late = Q(talked_at__isnull=True, talk_by__lt=clock.today()) & Exists(near)
        return self.filter(
            Exists(guided) | alone | late,
            not_recused(user),
            participant__erased_at=None,
        )


class HomeSilence(models.Model):
    """'Home may not know this', said by the young person in one tap; only a talk ends it (C-48).

    While it is in force nothing goes to a parent, and no page of the young person speaks of them.
    Until `talked_at` messages to the young person wait as well, except codes they ask for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="silences")
    said_at = models.DateTimeField()
    talk_by = models.DateField(help_text=_("On this day at the latest somebody talks with them."))
    talked_at = models.DateTimeField(null=True, blank=True)
    talked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = EncryptedTextField(blank=True, help_text=_("What came out of the talk."))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HomeSilenceQuerySet.as_manager()

    class Meta:
        ordering = ["said_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=models.Q(ended_at__isnull=True),
                name="one_silence_in_force",
            )
        ]


class ParentAtWorkQuerySet(models.QuerySet["ParentAtWork"]):
    def visible_to(self, user: Viewer) -> ParentAtWorkQuerySet:
        """For the coordinators of the region; never for the professional it is about."""
        return self.filter(
            not_recused(user, "trajectory__participant"),
            trajectory__region__in=reach(user, CONSULT).regions,
            trajectory__participant__erased_at=None,
        ).exclude(professional=user.pk)


class ParentAtWork(models.Model):
    """A parent's address is that of a professional's account: the coordinator looks (R-347)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="+")
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="at_work")
    professional = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    found_at = models.DateTimeField()
    is_parent = models.BooleanField(null=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ParentAtWorkQuerySet.as_manager()

    class Meta:
        ordering = ["found_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "professional"], name="one_look_per_parent_and_professional"
            )
        ]
