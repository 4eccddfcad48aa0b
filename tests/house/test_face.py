"""The face holds its own promises: weight, contrast, policy, the absent."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults

TEMPLATES = Path(settings.BASE_DIR, "templates")
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if path.parts[len(TEMPLATES.parts)] != "mail" and path.name != "mail.html"
)
TOKENS = finders.find("css/tokens.css")


#: What the content security policy would stop in a browser, and where it belongs.
AGAINST_THE_POLICY = {
    r"\sstyle\s*=|<style\b": "styles live in static/css",
    r"\son[a-z]+\s*=\s*[\"']": "handlers live in static/js",
    r"javascript:": "no script in an address",
    r"<script\b(?![^>]*nonce=)[^>]*>": "a script has its nonce",
    r"(?:src|href)=[\"'](?:https?:)?//": "no foreign hosts",
}


def test_every_template_compiles() -> None:
    broken = []
    for name in PAGES:
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            broken.append(f"{name}: {error}")
    assert len(PAGES) > 200
    assert not broken, "\n".join(broken)


def against_the_policy(source: str) -> list[str]:
    return [
        f"{why}: {found[0].strip()}"
        for pattern, why in AGAINST_THE_POLICY.items()
        for found in re.finditer(pattern, source)
    ]


def test_every_template_obeys_the_content_security_policy() -> None:
    flaws = [
        f"{name}: {flaw}"
        for name in PAGES
        for flaw in against_the_policy((TEMPLATES / name).read_text())
    ]
    assert not flaws, "\n".join(flaws)


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<a onclick='go'>",
        '<a href="javascript:go">',
        '<script src="/static/x.js">',
        '<script nonce="{{ nonce }}"></script><script>',
        '<img src="//elsewhere.example/x.png">',
        '<a href="https://elsewhere.example/">',
    ],
)
def test_the_policy_sees_what_it_must(source: str) -> None:
    assert against_the_policy(source)


def weight(names: list[str]) -> int:
    found = [finders.find(name) for name in names]
    assert all(found), names
    return sum(len(gzip.compress(Path(path).read_bytes())) for path in found)


def test_a_participants_page_is_light() -> None:
    """ux.md: style <= 20 kB, script <= 30 kB, both compressed; the font about 33 kB."""
    page = render_to_string("style/participant.html", {}, RequestFactory().get("/"))
    sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page)
    scripts = re.findall(r'src="/static/([^"]+)"', page)
    assert len(sheets) >= 5
    assert weight(sheets) <= 20_000
    assert weight(scripts) <= 30_000
    assert Path(finders.find("fonts/atkinson-hyperlegible-next.woff2")).stat().st_size <= 35_000


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(theme: str) -> dict[str, str]:
    source = Path(TOKENS).read_text()
    light, dark = source.split('[data-theme="dark"]')
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if theme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    return colours


#: Text on its ground, with the least contrast there must be.
STANDS_OUT = [
    ("ink", "paper", 12),
    ("ink", "surface", 12),
    ("ink", "sunken", 7),
    ("ink-2", "paper", 6),
    ("ink-2", "sunken", 4.5),
    ("on-coral", "coral", 4.5),
    ("on-coral", "coral-strong", 4.5),
    ("coral", "surface", 4.5),
    ("coral-ink", "coral-soft", 4.5),
    ("coral-ink", "surface", 4.5),
    ("teal", "teal-soft", 4.5),
    ("on-teal", "teal", 4.5),
    ("amber", "amber-soft", 4.5),
    ("violet", "violet-soft", 4.5),
    ("on-panel", "panel", 7),
    ("on-panel-2", "panel-2", 4.5),
    ("on-panel", "panel-raised", 4.5),
    ("control", "surface", 3),
    ("focus", "paper", 3),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out(theme: str) -> None:
    colours = palette(theme)
    dim = [
        f"{text} on {ground}: {found:.2f}, and at least {least} is needed"
        for text, ground, least in STANDS_OUT
        if (found := contrast(colours[text], colours[ground])) < least
    ]
    assert not dim, "\n".join(dim)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_not_there_looks_the_same_for_everyone(language: str) -> None:
    """trust.md 1: another group's object and a missing one give byte-equal bodies."""
    bodies = set()
    with translation.override(language):
        for path in ("/deelnemers/1/", "/nergens/?a=b"):
            request = RequestFactory().get(path)
            request.csp_nonce = path
            bodies.add(defaults.page_not_found(request, Exception(path)).content)
    assert len(bodies) == 1
    assert b"csrf" not in bodies.pop()


def test_every_component_is_in_the_list() -> None:
    listed = Path(settings.BASE_DIR, "docs", "components.md").read_text()
    for path in (TEMPLATES / "cotton").glob("*.html"):
        assert f"<c-{path.stem.replace('_', '-')}>" in listed, path.name
