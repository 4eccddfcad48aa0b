"""The published words before a wave: who reads this (design.md 4.10). Help lines: `<c-help>`."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.texts.models import TextVersion
from core.texts.rendering import as_html


@dataclass(frozen=True)
class Words:
    title: str
    body: SafeString


def words(key: str) -> Words:
    """The published text in the page's language, Dutch where there is no other.

    Raises TextVersion.DoesNotExist when nothing was published: `load_reference` did not run.
    """
    try:
        text = TextVersion.objects.current(key, (get_language() or "nl")[:2])
    except TextVersion.DoesNotExist:
        text = TextVersion.objects.current(key, "nl")
    return Words(text.title, as_html(text))
