"""Who opened which personal record. Append-only in the database (trust.md 11)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.written_out import WordColumn


class ReadEntry(models.Model):
    """One opening of a personal record: person, time, record (R-020).

    A list of records writes one row with all the ids.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    record = WordColumn(max_length=40, help_text=_("file, intake, answers, ..."))
    subject_ids = ArrayField(models.UUIDField(), help_text=_("The stays that were opened."))
    session = models.CharField(max_length=16, blank=True, help_text=_("Short hash of the session."))

    class Meta:
        verbose_name = _("opened record")
        verbose_name_plural = _("opened records")
        indexes = [
            models.Index(fields=["user", "at"]),
            GinIndex(fields=["subject_ids"], name="read_entry_subjects"),
            models.Index(
                fields=["at"], condition=models.Q(record="answers"), name="answers_that_were_read"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="read_log_only_grows", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{clock.day_of(self.at)} {clock.local(self.at):%H:%M} {self.record}"
