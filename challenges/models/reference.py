"""What the method gives: printed examples of challenges, and the named support forms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from challenges.models.mechanism import Mechanism


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


class SupportFormQuerySet(models.QuerySet["SupportForm"]):
    def offered(self) -> SupportFormQuerySet:
        """What may be chosen today; what was retired still stands where it was used."""
        return self.filter(retired_at__isnull=True)


class SupportForm(models.Model):
    """A way in which somebody is supported in practising (R-173).

    The printed ones come from the data; the foundation adds its own (`added_by`), since the full
    list stands in the manual. `key` of an added one is made from its name, once. What the
    foundation reworded (`reworded_at`) keeps its words when the data are loaded anew.
    """

    key = models.SlugField(primary_key=True, max_length=40)
    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    example = models.CharField(max_length=200, blank=True)
    intensity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("1 is the most intensive; empty where none is printed.")
    )
    order = models.PositiveSmallIntegerField()
    suits = models.CharField(
        max_length=40,
        choices=Mechanism.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("The mechanism it is suggested with; empty where none is printed (R-177)."),
    )
    text_nl = models.TextField(blank=True, default="", db_default="")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reworded_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SupportFormQuerySet.as_manager()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_nl
