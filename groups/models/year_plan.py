"""What a plan of a year leans on: school holidays by region, calendars to subscribe to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class SchoolHoliday(models.Model):
    """School holidays of one region of the Ministry of Education, first and last day inclusive.

    Reference data: shipped for the seasons that were published (`groups.year_plan.reference`) and
    changed by hand in the administration, where a school year is added or put right.
    """

    class Region(models.TextChoices):
        NORTH = "noord", _("North")
        MIDDLE = "midden", _("Middle")
        SOUTH = "zuid", _("South")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=6, choices=Region.choices)
    name = models.CharField(
        _("name"), max_length=40, help_text=_("In Dutch, as the schools call it: herfstvakantie.")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    source = models.CharField(_("source"), max_length=160, help_text=_("Who published it."))

    class Meta:
        verbose_name = _("school holiday")
        verbose_name_plural = _("school holidays")
        ordering = ["first_day", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name", "first_day"], name="school_holiday_once_a_region"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="school_holiday_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_day:%Y} ({self.region})"


class CalendarFeed(models.Model):
    """The secret address at which a professional's own calendar reads the meetings in reach.

    One for each person; a new one takes the place of the old, which then finds nothing. Only a
    keyed hash is kept (core.tokens). It reaches no further than the roles that were in force when
    it was made and still are: `groups.year_plan.feed`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
