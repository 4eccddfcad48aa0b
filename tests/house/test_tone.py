"""What a young person can read keeps the tone (R-022, R-023, ux.md): no word that labels them.

Read are: every template a young person's page is made of, the strings in it in both languages,
mails, published texts, the strings in code that can reach them, addresses and file names.
The fixed wording of the questionnaire's items is the one exception; the pages for professionals
(C-33) and the staff's pages are not theirs.
"""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.translation.template import templatize

from core.management.commands.messages import KEYWORDS, SKIPPED_FOLDERS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"

BANNED = re.compile(
    r"eenza|lonel|screening|doelgroep|target group|hulpvra|contra-?\s?indica|afgewezen|rejected"
    r"|niet geschikt|unsuitable|not suitable|kwetsba|vulnerab|dossier",
    re.IGNORECASE,
)
YOUNG_LAYOUTS = {"participant", "public", "bare", "error", "parent"}
STAFF_LAYOUTS = {"staff", "staff_aside", "staff_focus"}
#: Pages in a public layout that are written for professionals, in their words (C-33).
FOR_PROFESSIONALS = {"home/for_professionals.html"}
#: Rooms whose strings only staff can meet, with the reason.
STAFF_ROOMS = {
    "licensing": "contracts, workers' training and quality: no page for participants",
    "core/audit": "labels of the audit's own administration",
    "core/organisations": "reference data",
    "participants/intake/forms/talk.py": "the form of the first talk, as a page",
    "participants/intake/talk.py": "the worker's form of the first talk and its judgements",
    "participants/models/intake.py": "labels of that form",
    "participants/todos.py": "what waits for a worker",
    "participants/permissions.py": "names of permissions",
    "questionnaires/permissions.py": "names of permissions",
    "questionnaires/answers/answers_table.py": "the workers' table of answers, by its scales",
    "groups/permissions.py": "names of permissions",
    "joinus/home/style.py": "the style page, development and staff",
}
REFERENCE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
COMPONENT = re.compile(r"<c-([a-z-]+)")


def reaches(name: str, seen: set[str] | None = None) -> set[str]:
    """The template and everything it extends, includes or uses as a component."""
    seen = set() if seen is None else seen
    path = TEMPLATES / name
    if name in seen or not path.is_file():
        return seen
    seen.add(name)
    source = path.read_text()
    for other in REFERENCE.findall(source):
        reaches(other, seen)
    for component in COMPONENT.findall(source):
        reaches(f"cotton/{component.replace('-', '_')}.html", seen)
    return seen


@cache
def young_templates() -> list[str]:
    found: set[str] = set()
    for path in TEMPLATES.rglob("*"):
        name = path.relative_to(TEMPLATES).as_posix()
        if not path.is_file() or name in FOR_PROFESSIONALS or name.startswith("style/"):
            continue
        parts = reaches(name)
        layouts = {Path(part).stem for part in parts if part.startswith("layouts/")}
        is_page = bool(layouts & YOUNG_LAYOUTS) and not layouts & STAFF_LAYOUTS
        if is_page or name.startswith("mail/"):
            found |= parts
    return sorted(found)


def strings(source: str) -> Iterator[str]:
    for _line, message, _comments, _context in extract(
        "python", BytesIO(source.encode()), KEYWORDS
    ):
        for part in (message,) if isinstance(message, str) else message:
            if part:
                yield part


def in_every_language(message: str) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield translation.gettext(message)
            yield translation.ngettext(message, message, 2)


def flaws(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if BANNED.search(text)]


def test_the_young_pages_are_found() -> None:
    found = young_templates()
    assert {"participants/start.html", "home/how_it_works.html", "cotton/help.html"} <= set(found)
    assert "home/worker.html" not in found


@pytest.mark.req("R-022", "R-023")
def test_every_page_keeps_the_tone_in_both_languages() -> None:
    found = [f"{name}: {flaw}" for name in young_templates() for flaw in flaws_of_page(name)]
    assert not found, "\n".join(found)


def flaws_of_page(name: str) -> Iterator[str]:
    source = re.sub(
        r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", (TEMPLATES / name).read_text(), flags=re.S
    )
    yield from flaws(iter([*source.splitlines(), name]))
    for message in strings(templatize(source, origin=name)):
        yield from flaws(in_every_language(message))


def code_files() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for app in ("core", "participants", "groups", "challenges", "questionnaires", "joinus")
        for path in (ROOT / app).rglob("*.py")
        if not SKIPPED_FOLDERS & set(path.parts)
        and "management" not in path.parts
        and not any(path.relative_to(ROOT).as_posix().startswith(room) for room in STAFF_ROOMS)
    )


@pytest.mark.req("R-022")
def test_words_in_code_keep_the_tone() -> None:
    found = [
        f"{name}: {flaw}"
        for name in code_files()
        for message in strings((ROOT / name).read_text())
        for flaw in flaws(in_every_language(message))
    ]
    assert len(code_files()) > 200
    assert not found, "\n".join(found)


@pytest.mark.req("R-022")
def test_published_texts_and_mails_keep_the_tone() -> None:
    shipped = [path for path in (ROOT / "core/texts/shipped").rglob("*") if path.is_file()]
    mails = [path for path in (TEMPLATES / "mail").rglob("*") if path.is_file()]
    assert shipped
    found = [
        f"{path.name}: {flaw}"
        for path in (*shipped, *mails)
        for flaw in flaws(iter([*path.read_text().splitlines(), path.name]))
    ]
    assert not found, "\n".join(found)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        elif entry.namespace != "admin":
            yield from addresses(entry, here)


@pytest.mark.req("R-022")
def test_addresses_and_file_names_keep_the_tone() -> None:
    assert not flaws(addresses(get_resolver()))
    names = (path.name for path in (ROOT / "static").rglob("*"))
    assert not flaws(names)


@pytest.mark.req("R-023")
@pytest.mark.django_db
def test_the_first_words_are_the_wanted_ones(client: Client) -> None:
    first = client.get("/").content.decode().split("<h1>")[1].split("</h1>")[0]
    assert "Vrienden maken" in first
    assert "erbij horen" in first


@pytest.mark.parametrize(
    "word", ["eenzaamheid", "Lonely", "je dossier", "contra-indicatie", "kwetsbare jongeren"]
)
def test_the_scan_sees_what_it_must(word: str) -> None:
    assert flaws(iter([f"een zin met {word} erin"]))
