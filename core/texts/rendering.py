"""Markdown of a published text to safe HTML: no raw HTML comes through."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from core.markdown import to_html
from core.texts.models import TextVersion


def as_html(text: TextVersion) -> SafeString:
    return mark_safe(_html(text.body))  # noqa: S308


#: A published text never changes, and the same few stand on every page.
_html = lru_cache(maxsize=128)(to_html)
