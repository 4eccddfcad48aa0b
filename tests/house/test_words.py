"""Kinds of words that nobody should read here (words.md), found by their pattern, in every text.

Read are all catalogues (what is translated and the Dutch of it), the templates and what is
published. A kind has a few sentences that it must see and a few that it must leave alone.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from tests.house.test_tone import TEMPLATES, in_every_language, strings, young_templates

ROOT = Path(settings.BASE_DIR)

#: kind -> pattern. What is wiped is data, never somebody.
KINDS: dict[str, re.Pattern[str]] = {
    "wiping a person": re.compile(
        r"\bwis(t|sen)? (je|mij|me|jezelf|hem|haar|hen|ze|%\(name\)s|\{name\})"
        r"(?! (gegevens|adres|e-mail|naam|antwoord|account|telefoon))\b"
        r"|\b(jezelf|mij|me|je|hem|haar|hen) (te|laten) wissen"
        r"|\bgewist te worden|\b(je|jij|%\(name\)s|\{name\}) (wordt|is|bent) gewist"
        r"|\b(erase|delete|wipe) (me|yourself|him|her|them)\b"
        r"|(?<!everything )\bto be (erased|deleted)\b",
        re.IGNORECASE,
    ),
    "shouting": re.compile(
        r"!!|^Stop[,!]|^(Stop|Stoppen), |\bIk stop niet\b|[Vv]raag liever niet"
        r"|\b(Let op|Pas op|Doe|Bel|Kies|Vul|Klik|Tik|Ga|Zeg|Wacht|Stop|Log|Lees)\b[^.!?:,]*!"
        r"|\b(Stop|Mind|Call|Choose|Click|Tap|Read|Wait)\b[^.!?:,]*!"
        r"|\b(?!JSON|JPEG|MIND|HTML|HTTP|TOTP|CSRF|WEBP)[A-Z]{4,}\b(?! \d)",
    ),
    "a teacher or a call centre": re.compile(
        r"(?<!niet )goed gedaan|Knap (gedaan|van je)|eerste stap is de moeilijkste"
        r"|Dat respecteren wij"
        r"|Well done|Good job|We respect that",
        re.IGNORECASE,
    ),
    "a riddle from nowhere": re.compile(
        r"een vraag als elke andere|is wat het laat werken|de goede mensen bereiken"
        r"|\bEr zijn is genoeg|Je zei: ik wil|^Kijk bij mij$|alleen te dragen",
        re.IGNORECASE,
    ),
    # A group may meet at two o'clock. What a parent agreed to stays as it was agreed to.
    "an evening for a meeting": re.compile(
        r"\b(?<!open )(?<!kiezen de )avond(en)?\b"
        r"(?! en weekenden)(?! met leeftijdsgenoten, onder begeleiding)",
        re.IGNORECASE,
    ),
}
SEEN = {
    "wiping a person": (
        "Met deze link wis je jezelf.",
        "Ja, vraag om mij te wissen",
        "Sam vraagt om gewist te worden",
        "Delete yourself with this link.",
        "Noor asks to be erased",
    ),
    "shouting": ("Stop, vraag liever niets", "Ik stop niet", "Kies nu!", "LEES DIT", "Vul dit in!"),
    "a teacher or a call centre": ("Goed gedaan. De eerste stap is de moeilijkste.",),
    "a riddle from nowhere": ("Je zei: ik wil.", "Kijk bij mij"),
    "an evening for a meeting": ("Spreek deze avond af", "De avonden", "Laatste avond"),
}
LEFT_ALONE = {
    "wiping a person": (
        "Ja, wis mijn gegevens",
        "Daarna wissen we je adres.",
        "We wissen je naam.",
    ),
    "shouting": ("Gelukt! Je bent aangemeld.", "Ik stop. Vraag me later niets meer", "Dank je!"),
    "a teacher or a call centre": ("Dat is oké.",),
    "a riddle from nowhere": ("Dat je er bent, is genoeg.", "Kijk in mijn buurt"),
    "an evening for a meeting": (
        "Wat doe je vanavond",
        "Van tien uur ’s avonds tot zeven uur ’s ochtends is het stil.",
        "De meeste groepen kiezen de avond.",
        "een spelavond",
    ),
}
#: One thing has one name on a young person's page: the questionnaire.
OTHER_NAMES = re.compile(
    r"tussendoor|tussenvragenlijst|tussenmeting|startmeting|nulmeting|nameting|eindmeting",
    re.IGNORECASE,
)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    return tuple(_catalogues()) + tuple(_published())


def _catalogues() -> Iterator[tuple[str, str]]:
    for where, ids, said in _messages():
        yield from ((where, text) for text in (*ids, *said) if text)


def _messages() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Where each stands, its English and its Dutch; two of each where there is a plural."""
    for path in sorted(ROOT.glob("**/locale/nl/LC_MESSAGES/django.po")):
        if ".venv" in path.parts:
            continue
        with path.open("rb") as file:
            for message in read_po(file, locale="nl"):
                if not message.id:
                    continue
                ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                dutch = message.string
                said = dutch if isinstance(dutch, tuple | list) else (dutch,)
                yield path.parts[-5], tuple(ids), tuple(said)


def _published() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "core/texts/shipped").glob("*.md")):
        yield from ((path.name, line) for line in path.read_text().splitlines() if line)


def flaws(kind: str, said: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{where}: {text}" for where, text in said if KINDS[kind].search(text)]


def test_there_is_enough_to_read() -> None:
    assert len(texts()) > 5000


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_of_this_kind(kind: str) -> None:
    found = flaws(kind, texts())
    assert not found, "\n".join(found)


def test_what_is_saved_has_one_word() -> None:
    """Opslaan, opgeslagen: never bewaard beside it, on one page and the next (words.md)."""
    found = [
        f"{where}: {text}"
        for where, ids, said in _messages()
        for text in said
        if re.search(r"\bsaved?\b", " ".join(ids), re.IGNORECASE)
        and re.search(r"bewaa?r", text, re.IGNORECASE)
    ]
    assert not found, "\n".join(found)


def test_no_text_stands_twice_in_itself() -> None:
    """A merge once wrote a sentence behind itself: four times over on one page."""
    found = [f"{where}: {text}" for where, text in texts() if re.fullmatch(r"(.{9,}?)\1+", text)]
    assert not found, "\n".join(found)
    assert re.fullmatch(r"(.{9,}?)\1+", "Kies iets kleins.Kies iets kleins.")


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_seen_and_what_is_like_it_left_alone(kind: str) -> None:
    assert all(flaws(kind, (("", text),)) for text in SEEN[kind]), SEEN[kind]
    assert not [text for text in LEFT_ALONE[kind] if flaws(kind, (("", text),))]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_on_young_pages_the_questionnaire_has_one_name(language: str) -> None:
    found = []
    with translation.override(language):
        for name in young_templates():
            if name.startswith(("mail/parental", "layouts/staff")):
                continue
            for message in strings(templatize((TEMPLATES / name).read_text(), origin=name)):
                found += [
                    f"{name}: {t}" for t in in_every_language(message) if OTHER_NAMES.search(t)
                ]
    assert not found, "\n".join(found)


def test_the_code_in_a_mail_can_be_copied_as_it_stands() -> None:
    """W14: no asterisks around it in the plain text."""
    body = (TEMPLATES / "mail/sign_in_code/body.md").read_text()
    line = next(line for line in body.splitlines() if "{{ code }}" in line)
    assert line.strip() == "{{ code }}"
