"""Markdown of a published text to safe HTML: no raw HTML comes through."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from core.texts.models import TextVersion

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def as_html(text: TextVersion) -> SafeString:
    return mark_safe(nh3.clean(_MARKDOWN.render(text.body)))  # noqa: S308
