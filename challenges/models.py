"""The challenges young people chose; the printed examples and support forms of the method."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models import Trajectory
from participants.models.recusal import not_recused
from participants.permissions import SEE_JOURNEY


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def visible_to(self, user: Viewer) -> ChallengeQuerySet:
        """The own ones; for professionals those of the group's workers and the region (R-004)."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, SEE_JOURNEY).as_q("trajectory__group__"),
            not_recused(user, "trajectory__participant"),
            trajectory__group__isnull=False,
            trajectory__participant__erased_at=None,
        )

    def going(self) -> ChallengeQuerySet:
        return self.filter(state="going")


class Challenge(models.Model):
    """Something a young person wants to try, in the own words (R-159, R-160).

    `noted_by` is the young person, or the youth worker who wrote it down with them. The state is
    moved by `challenges.register` only.
    """

    class State(models.TextChoices):
        GOING = "going", _("going on")
        REACHED = "reached", _("it worked out")
        LAID_ASIDE = "laid_aside", _("laid aside")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="challenges")
    text = EncryptedTextField()
    chosen_on = models.DateField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.GOING)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["-chosen_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="going", ended_on__isnull=True, ended_by__isnull=True)
                | Q(
                    state__in=["reached", "laid_aside"],
                    ended_on__gte=models.F("chosen_on"),
                    ended_by__isnull=False,
                ),
                name="challenge_going_or_ended_by_somebody",
            )
        ]

    @property
    def is_own_note(self) -> bool:
        """Written down by the young person alone. Wants `noted_by`."""
        return self.noted_by.is_participant


class ExampleChallenge(models.Model):
    """A printed example of a social challenge: a suggestion, never a closed list (R-165)."""

    key = models.SlugField(primary_key=True, max_length=40)
    text_nl = models.CharField(max_length=120)
    text_en = models.CharField(max_length=120)
    mechanism = models.SlugField(
        max_length=40, blank=True, help_text=_("For workers only; young people never see it.")
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text_nl


class SupportForm(models.Model):
    """A way in which workers support practising; extensible, the manual holds the full list."""

    key = models.SlugField(primary_key=True, max_length=40)
    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    example = models.CharField(max_length=200, blank=True)
    intensity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("1 is the most intensive; empty where none is printed.")
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name_nl
