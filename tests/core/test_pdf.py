"""The one door to PDF: nothing is fetched, everything has a limit, the result is tagged."""

import base64
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from core import paper_fonts, pdf
from core.pdf import PdfRefused
from tests.papers import opened

PAGE = '<html lang="nl"><head><title>Bewijs</title></head><body>{}</body></html>'
DOT = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><circle r="2"/></svg>'
).decode()
#: Where each font of paper lies, and what it calls itself inside a document.
SHIPPED_AT = {path.stem: path for path in Path("static/fonts").rglob("*.woff2")}
SHIPPED = [family.replace(" ", "-") for family in paper_fonts.FAMILIES.values()]


def code_of(html: str) -> str:
    with pytest.raises(PdfRefused) as refused:
        pdf.render(html)
    return refused.value.code


@pytest.mark.parametrize(
    "inside",
    [
        '<img src="file://{secret}" alt="">',
        '<img src="http://127.0.0.1:1/x.png" alt="">',
        '<link rel="stylesheet" href="file://{secret}">',
        "<style>@import 'http://127.0.0.1:1/x.css';</style>",
        "<style>body {{ background: url('file://{secret}') }}</style>",
        '<object data="file://{secret}"></object>',
    ],
)
def test_nothing_but_data_is_fetched(inside: str, tmp_path: Path) -> None:
    secret = tmp_path / "kanarie.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>kanarie</text></svg>")
    assert code_of(PAGE.format(inside.format(secret=secret))) == "fetches"


def test_what_lies_inside_the_page_is_drawn() -> None:
    image = f'<p>é <img src="data:image/svg+xml;base64,{DOT}" alt="stip"></p>'
    assert pdf.render(PAGE.format(image)).startswith(b"%PDF-")


def test_the_same_page_gives_the_same_bytes_tagged_and_with_a_language() -> None:
    one, two = (pdf.render(PAGE.format("<h1>Hallo</h1><p>Dag</p>")) for _n in range(2))
    assert one == two
    for part in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang (nl)", b"pdfuaid", b"/DisplayDocTitle"):
        assert part in opened(one), part


def test_a_page_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of("x" * (pdf.MOST_CHARACTERS + 1)) == "too_long"
    long = '<p style="break-after: page">x</p>' * (pdf.MOST_PAGES + 1)
    assert code_of(PAGE.format(long)) == "too_many_pages"
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    assert code_of(PAGE.format("<p>x</p>")) == "too_slow"


def test_the_process_beside_us_holds_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "kanarie")
    assert "kanarie" not in pdf._bare_environment().values()


NAMES = [
    "Noor 🦄 🇳🇱 👨‍👩‍👧 👍🏽",
    "山田 王秀英 김민준",
    "محمد علي",
    "שרה לוי",
    "Şükrü İpek Đorđe Ĳsbrand",
    "Ελένη Μαρία",
    "Йордан",
    "आरव",
    "ሰላም አበበ",
    "Անի",
    "ნინო",
    "অনিতা",
    "ਹਰਪ੍ਰੀਤ",
    "கவிதா",
    "สมชาย",
    "ܫܡܥܘܢ",
]


@pytest.mark.req("R-342")
def test_a_name_of_any_letters_stands_on_paper_as_it_was_typed() -> None:
    rows = "".join(f"<tr><th>Naam</th><td>{name}</td></tr>" for name in NAMES)
    look = f'<link rel="stylesheet" href="{pdf.LOOK}">'
    paper = opened(pdf.render(PAGE.format(f"{look}<table>{rows}</table>")))
    fonts = set(re.findall(rb"/BaseFont\s*/\w+\+([\w-]+)", paper))
    of_ours = {b"Atkinson-Hyperlegible-Next", *(f.encode() for f in SHIPPED)}
    strange = {f for f in fonts if not any(f.startswith(ours) for ours in of_ours)}
    assert strange == set()  # nothing hangs on what the server happens to have
    drawn = b"".join(re.findall(rb"\[([^\]]*)\] TJ", paper))
    assert drawn.count(b"<") > 150
    assert b"<0000>" not in drawn  # the empty box of each font


@pytest.mark.req("R-342")
def test_a_sign_that_no_font_has_is_said_and_never_an_empty_box() -> None:
    text, strange = paper_fonts.without_boxes("Noor \U00010380")
    assert (text, strange) == ("Noor [U+10380]", True)
    assert paper_fonts.without_boxes("Noor 🦄\u200d") == ("Noor 🦄\u200d", False)


def test_a_dutch_document_carries_no_other_font() -> None:
    assert paper_fonts.fonts_for("Zoë, 14 jaar · € 5 – „ja”") == ()
    assert paper_fonts.fonts_for("محمد 🦄") == ("noto-sans-arabic", "noto-emoji")


def test_what_is_written_of_the_fonts_is_what_they_have() -> None:
    for font, (starts, ends) in paper_fonts.coverage().items():
        has = TTFont(SHIPPED_AT[font]).getBestCmap()
        said = {code for a, b in zip(starts, ends, strict=True) for code in range(a, b + 1)}
        assert said == set(has), font
        assert 0x20 in has, f"{font}: the space between two words of its letters is a box"


def test_a_long_name_stays_on_the_paper() -> None:
    look = f'<link rel="stylesheet" href="{pdf.LOOK}">'
    row = f"<table><tr><th>Naam</th><td>{'W' * 80}</td></tr></table>"
    paper = opened(pdf.render(PAGE.format(look + row)))
    lines = [line.count(b"<") for line in re.findall(rb"\[([^\]]*)\] TJ", paper)]
    assert max(lines) < 40 < sum(lines)
