"""The one door to PDF: nothing is fetched, everything has a limit, the result is tagged."""

import base64
from pathlib import Path

import pytest

from core import pdf
from core.pdf import PdfRefused
from tests.papers import opened

PAGE = '<html lang="nl"><head><title>Bewijs</title></head><body>{}</body></html>'
DOT = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><circle r="2"/></svg>'
).decode()


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
