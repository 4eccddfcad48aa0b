"""A mail looks like the house: one main button, a code that can be read out, a plain twin."""

import pytest

from core.messaging.rendering import _dressed


def test_a_link_on_its_own_is_a_button_and_the_first_is_the_main_one() -> None:
    html = _dressed(
        '<p><a href="/a">Ja</a></p><p>Of <a href="/b">dit</a>.</p><p><a href="/c">Nee</a></p>'
    )
    assert '<a class="button" href="/a">' in html
    assert '<a href="/b">' in html
    assert '<a class="button quiet" href="/c">' in html


@pytest.mark.parametrize("code", ["482193", "A1B2-C3D4"])
def test_a_code_on_its_own_stands_large(code: str) -> None:
    assert _dressed(f"<p><strong>{code}</strong></p>") == f'<p class="code">{code}</p>'


def test_words_in_bold_stay_words() -> None:
    assert "code" not in _dressed("<p><strong>Let op</strong></p>")
