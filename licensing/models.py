"""The licence: the facts that sign-up and reach stand on. The rest of licensing comes later."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class Licence(models.Model):
    """A contract under which an organisation may run the programme (R-234)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="licences"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="licence_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.valid_from}"


class LicenceMunicipality(models.Model):
    """A municipality served from one location under a licence: the work area (R-241)."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="lines")
    location = models.ForeignKey("organisations.Location", on_delete=models.PROTECT)
    municipality = models.ForeignKey("organisations.Municipality", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "location", "municipality"], name="licence_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.location}: {self.municipality}"
