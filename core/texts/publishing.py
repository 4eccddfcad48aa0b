"""Publish a wording; what was published stays as it was for ever."""

from pathlib import Path

from django.db import transaction

from core import clock
from core.texts.models import TextVersion

SHIPPED = Path(__file__).parent / "shipped"


def wording(key: str, language: str) -> TextVersion:
    """The published wording in force; the shipped one, unsaved, before anything is published."""
    try:
        return TextVersion.objects.current(key, language)
    except TextVersion.DoesNotExist:
        return TextVersion(**shipped(SHIPPED / f"{key}.{language}.md"))


def shipped(path: Path) -> dict[str, str]:
    """A file `<key>.<language>.md`: the first line is the title behind `# `."""
    key, _, language = path.stem.partition(".")
    title, _, body = path.read_text("utf-8").partition("\n")
    return {"key": key, "language": language, "title": title.lstrip("# "), "body": body.strip()}


@transaction.atomic
def publish(*, key: str, language: str, title: str, body: str) -> TextVersion:
    """Publish `body` (Markdown) as the next version; the same wording again changes nothing."""
    sha256 = TextVersion.fingerprint(title, body)
    newest = (
        TextVersion.objects.select_for_update()
        .filter(key=key, language=language)
        .order_by("-version")
        .first()
    )
    if newest is not None and newest.sha256 == sha256:
        return newest
    return TextVersion.objects.create(
        key=key,
        language=language,
        version=newest.version + 1 if newest else 1,
        title=title,
        body=body,
        sha256=sha256,
        published_at=clock.now(),
    )


def publish_shipped() -> list[TextVersion]:
    """Publish the wordings that come with the product; unchanged files publish nothing."""
    return [publish(**shipped(path)) for path in sorted(SHIPPED.glob("*.md"))]
