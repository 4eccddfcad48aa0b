"""Examples and support forms of the method; the challenges themselves come with their issue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
        return self.text_nl


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
