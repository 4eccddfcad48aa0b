"""A draft: what one person typed in one form of one page, and has not saved yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.encryption import EncryptedTextField
from core.ids import uuid7


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: Viewer) -> DraftQuerySet:
        """Only who typed it reads it: no colleague, no coordinator, nobody who may read the row."""
        return self.filter(person_id=user.pk) if user.is_authenticated else self.none()

    def open(self) -> DraftQuerySet:
        """With words in it: not saved, not thrown away."""
        return self.filter(words__isnull=False)

    def touching(self, ids: Iterable[UUID]) -> DraftQuerySet:
        """About one of these rows."""
        return self.filter(about__overlap=list(ids))


class Draft(models.Model):
    """One per form that was opened, never overwritten by another tab.

    Without words it only remembers that it was saved or may not be: what arrives late is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: a bar for everybody."),
    )
    form = models.CharField(max_length=60, help_text=_("Which form; empty: a bar."))
    subject = models.CharField(max_length=120, blank=True, help_text=_("The page's own ids."))
    about = ArrayField(models.UUIDField(), default=list)
    page = models.UUIDField(help_text=_("The page, as it was opened, that wrote last."))
    turn = models.BigIntegerField(default=0, help_text=_("Which of its saves this page sent."))
    words = EncryptedTextField(null=True)
    kept_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "subject"], name="drafts_of_a_page"),
            models.Index(fields=["kept_at"], name="drafts_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
