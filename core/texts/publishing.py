"""Publish a wording; what was published stays as it was for ever."""

from pathlib import Path

from django.db import transaction

from core import clock, locks
from core.texts.models import TextVersion

SHIPPED = Path(__file__).parent / "shipped"


def wording(key: str, language: str) -> TextVersion:
    """The published wording in force; the shipped one, unsaved, before anything is published."""
    try:
        return TextVersion.objects.current(key, language)
    except TextVersion.DoesNotExist:
        return TextVersion(**shipped(SHIPPED / f"{key}.{language}.md"))


def shipped(path: Path) -> dict[str, str]:
    """A file `<key>.<language>.md`: the first line is the title behind `# `; a second one behind
    `~ ` says in one line what changed, for who agreed to the version before."""
    key, _, language = path.stem.partition(".")
    title, _, body = path.read_text("utf-8").partition("\n")
    changed = ""
    if body.startswith("~ "):
        changed, _, body = body.removeprefix("~ ").partition("\n")
    return {
        "key": key,
        "language": language,
        "title": title.lstrip("# "),
        "body": body.strip(),
        "what_changed": changed.strip(),
    }


def publish(
    *, key: str, language: str, title: str, body: str, what_changed: str = ""
) -> TextVersion:
    """Publish `body` (Markdown) as the next version; the same wording again changes nothing.

    `what_changed`: one line for who agreed to the version before.
    """
    given = {"key": key, "language": language, "title": title, "body": body}
    return _publish([given | {"what_changed": what_changed}])[0]


def publish_shipped() -> list[TextVersion]:
    """Publish the wordings that come with the product; unchanged files publish nothing."""
    return _publish([shipped(path) for path in sorted(SHIPPED.glob("*.md"))])


@transaction.atomic
def _publish(wordings: list[dict[str, str]]) -> list[TextVersion]:
    """The version in force of each wording afterwards, in the order given."""
    keys = {wording["key"] for wording in wordings}
    shown = TextVersion.objects.filter(key__in=keys)
    in_force = {
        (text.key, text.language): text
        for text in sorted(locks.lock_all(shown), key=lambda text: text.version)
    }
    published = []
    for wording in wordings:
        place = wording["key"], wording["language"]
        newest = in_force.get(place)
        sha256 = TextVersion.fingerprint(wording["title"], wording["body"])
        if newest is None or newest.sha256 != sha256:
            version = newest.version + 1 if newest else 1
            newest = TextVersion(
                **wording, sha256=sha256, version=version, published_at=clock.now()
            )
            published.append(newest)
        in_force[place] = newest
    TextVersion.objects.bulk_create(published)
    return [in_force[wording["key"], wording["language"]] for wording in wordings]
