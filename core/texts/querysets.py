from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from core.texts.models import TextVersion


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def current(self, key: str, language: str) -> TextVersion:
        """The newest published version; raises TextVersion.DoesNotExist when there is none."""
        return self.filter(key=key, language=language, published_at__isnull=False).latest("version")
