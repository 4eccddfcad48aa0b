"""Published wordings, to look at: a new one is made by `publish()`, an old one never changes."""

from django.contrib import admin

from core.administration import ReadOnlyAdmin, site
from core.texts.models import TextVersion


@admin.register(TextVersion, site=site)
class TextVersionAdmin(ReadOnlyAdmin):
    list_display = ("key", "language", "version", "title", "published_at")
