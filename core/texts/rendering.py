"""Markdown of a published text to safe HTML: no raw HTML comes through."""

from django.utils.safestring import SafeString, mark_safe

from core.markdown import to_html
from core.texts.models import TextVersion


def as_html(text: TextVersion) -> SafeString:
    return mark_safe(to_html(text.body))  # noqa: S308
