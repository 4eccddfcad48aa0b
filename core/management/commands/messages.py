"""Translations without gettext's programs: Django reads the templates, Babel does the rest.

Each app has its own catalogue, `<app>/locale/nl/LC_MESSAGES/django.po`, with the strings of its
code and of `templates/<label>/`; templates of nobody in particular belong to `core`. Entries
stand in alphabetical order with file names only, so that branches merge.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

LANGUAGE = "nl"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED_FOLDERS = {"migrations", "tests", "locale", "data", "__pycache__"}
NAMED = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w+)\}(?!\})")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdrf](?![\w])")


class Command(BaseCommand):
    help = "Collect strings; --compile the catalogues; --check that Dutch is complete and one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("labels", nargs="*", help="only these apps, by label")
        parser.add_argument("--compile", action="store_true", help="write the .mo files")
        parser.add_argument("--check", action="store_true", help="fail on anything unfinished")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [
            app for app in own_apps() if not options["labels"] or app.label in options["labels"]
        ]
        if options["compile"]:
            for app in asked:
                compile_catalogue(app)
            forget_catalogues()
        elif options["check"]:
            flaws = [flaw for app in asked for flaw in flaws_of(app)]
            flaws += clashes(own_apps())
            if flaws:
                raise CommandError("\n".join([*flaws, f"{len(flaws)} to mend"]))
            self.stdout.write("Dutch is complete.")
        else:
            for app in asked:
                self._collect(app)

    def _collect(self, app: AppConfig) -> None:
        collected = strings_of(app)
        path = catalogue_path(app)
        if not len(collected) and not path.exists():
            return
        catalogue = read(app)
        catalogue.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        written = as_po(catalogue)
        if not path.exists() or path.read_bytes() != written:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written)
        waiting = sum(not is_translated(message) for message in entries(catalogue))
        self.stdout.write(f"{app.label}: {len(collected)} strings, {waiting} to translate")


def own_apps() -> list[AppConfig]:
    """The apps of this project, ground floor first as installed."""
    return [
        app
        for app in apps.get_app_configs()
        if settings.BASE_DIR in Path(app.path).parents and ".venv" not in Path(app.path).parts
    ]


def catalogue_path(app: AppConfig) -> Path:
    return Path(app.path, "locale", LANGUAGE, "LC_MESSAGES", "django.po")


def strings_of(app: AppConfig) -> Catalog:
    """Every string that the app's code and templates mark, in alphabetical order."""
    found = new_catalogue()
    for path in sorted(sources_of(app)):
        shown = path.relative_to(settings.BASE_DIR).as_posix()
        text = path.read_text()
        if path.suffix != ".py":
            lines = templatize(text, origin=shown).splitlines()
            text = "\n".join(line.lstrip() for line in lines)  # indents mean nothing here
        for _line, string, comments, context in extract(
            "python", BytesIO(text.encode()), KEYWORDS, comment_tags=["Translators"]
        ):
            found.add(string, locations=[(shown, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return found


def sources_of(app: AppConfig) -> Iterator[Path]:
    """The app's own Python files (not those of an app inside it), and its templates."""
    others = [
        Path(other.path) for other in own_apps() if Path(app.path) in Path(other.path).parents
    ]
    for path in Path(app.path).rglob("*.py"):
        inside = path.relative_to(app.path).parts
        if not SKIPPED_FOLDERS & set(inside) and not any(o in path.parents for o in others):
            yield path
    labels = {other.label for other in own_apps()}
    for folder in (settings.BASE_DIR / "templates", Path(app.path, "templates")):
        for path in folder.rglob("*"):
            if path.suffix in {".html", ".txt", ".md", ".svg", ".xml"} and path.is_file():
                first = path.relative_to(folder).parts[0]
                owner = first if first in labels else "core"
                if folder.parent == Path(app.path) or owner == app.label:
                    yield path


def flaws_of(app: AppConfig) -> Iterator[str]:
    """What is missing, doubtful, superfluous or wrongly filled in, one line each."""
    wanted = {(m.context, key(m)): m for m in entries(strings_of(app))}
    present = {(m.context, key(m)): m for m in entries(read(app))}
    where = catalogue_path(app).relative_to(settings.BASE_DIR)
    for mark in sorted(wanted.keys() - present.keys(), key=str):
        yield f"{where}: not collected (run `make messages`): {mark[1]!r}"
    for mark in sorted(present.keys() - wanted.keys(), key=str):
        yield f"{where}: no longer used: {mark[1]!r}"
    for mark, message in present.items():
        if mark not in wanted:
            continue
        if not is_translated(message):
            yield f"{where}: not translated: {mark[1]!r}"
        elif message.fuzzy:
            yield f"{where}: fuzzy: {mark[1]!r}"
        else:
            yield from (f"{where}: {flaw}: {mark[1]!r}" for flaw in placeholder_flaws(message))


def clashes(catalogues: Iterable[AppConfig]) -> Iterator[str]:
    """The same English with other Dutch elsewhere: Django shows one of them in both places.

    Mend it with the same Dutch, another English, or a context (`pgettext`).
    """
    dutch: dict[Any, dict[tuple[str, ...], list[str]]] = {}
    for app in catalogues:
        where = str(catalogue_path(app).relative_to(settings.BASE_DIR))
        for message in filter(is_translated, entries(read(app))):
            mark = (message.context, key(message), isinstance(message.id, str))
            dutch.setdefault(mark, {}).setdefault(forms(message.string), []).append(where)
    for mark, said in dutch.items():
        if len(said) > 1:
            words = "; ".join(f"{forms[0]!r} in {', '.join(at)}" for forms, at in said.items())
            yield f"different Dutch for {mark[1]!r}: {words}"


def placeholder_flaws(message: Message) -> Iterator[str]:
    sources, targets = forms(message.id), forms(message.string)
    allowed = set().union(*map(names, sources))
    if any(UNNAMED.search(form) for form in sources):
        yield "a placeholder without a name"
    for form in targets:
        if unknown := names(form) - allowed:
            yield f"unknown placeholder {', '.join(sorted(unknown))}"
        # A plural's form may leave the number out ("one evening").
        if len(sources) == 1 and (lost := allowed - names(form)):
            yield f"lost placeholder {', '.join(sorted(lost))}"


def names(text: str) -> set[str]:
    return {first or second for first, second in NAMED.findall(text)}


def forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def key(message: Message) -> str:
    return forms(message.id)[0]


def is_translated(message: Message) -> bool:
    return bool(message.string) and all(forms(message.string))


def entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def new_catalogue() -> Catalog:
    return Catalog(locale=LANGUAGE, domain="django", fuzzy=False, header_comment="# Join Us")


def read(app: AppConfig) -> Catalog:
    path = catalogue_path(app)
    if not path.exists():
        return new_catalogue()
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django", ignore_obsolete=True)


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as text that says nothing about when or by whom."""
    body = BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        sort_output=True,
        omit_header=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    header = (
        'msgid ""\nmsgstr ""\n"Language: nl\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return header.encode() + body.getvalue()


def compile_catalogue(app: AppConfig) -> None:
    """Write django.mo beside django.po when it is older; in one step, for parallel readers."""
    source = catalogue_path(app)
    target = source.with_suffix(".mo")
    if not source.exists():
        return
    if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
        return
    half = target.with_suffix(".half")
    with half.open("wb") as file:
        write_mo(file, read(app))
    half.replace(target)


def forget_catalogues() -> None:
    """What this process read before stays empty where there was no django.mo yet: read it anew."""
    translation_file_changed(sender=None, file_path=Path("django.mo"))
