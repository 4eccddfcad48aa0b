"""Texts that people agreed to: versioned, hashed, immutable once published."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def current(self, key: str, language: str) -> TextVersion:
        """The newest published version; raises TextVersion.DoesNotExist when there is none."""
        return self.filter(key=key, language=language, published_at__isnull=False).latest("version")

    def shown(self, key: str, pk: UUID | str | None, **language: str) -> TextVersion | None:
        """The published wording of `key` that stood on a screen; None for anything else."""
        if pk is None:
            return None
        try:
            return self.filter(key=key, pk=pk, published_at__isnull=False, **language).first()
        except ValidationError:  # `pk` comes from a form
            return None


class TextVersion(models.Model):
    """One published wording in one language (agreements, consent, mails, help lines).

    `body` is Markdown. Published rows cannot be edited or deleted: a new wording is a new version.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=60)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    body = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    what_changed = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("One line for who agreed to the version before."),
    )
    approved_by_youth_council = models.DateField(null=True, blank=True)

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language", "version"], name="one_text_per_version"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_text_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language} {self.version}"

    @staticmethod
    def fingerprint(title: str, body: str) -> str:
        """SHA-256 over title and body, hexadecimal: what somebody's yes is tied to."""
        return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()
