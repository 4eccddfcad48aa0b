"""Every form has a picture of its error state, or a reason why not; the lists name what exists."""

from pathlib import Path

import pytest
from django.conf import settings

from tests import refused
from tests.refused import AFTER_AN_ACT, CANNOT_FAIL, PHOTOGRAPHED, with_a_form
from tests.walk import ENGLISH

TEMPLATES = Path(settings.BASE_DIR, "templates")


def test_every_form_stands_in_one_list() -> None:
    lists = [PHOTOGRAPHED, CANNOT_FAIL, AFTER_AN_ACT]
    forms = list(with_a_form(TEMPLATES))
    assert len(forms) > 60
    assert [name for name in forms if sum(name in one for one in lists) != 1] == []
    assert sorted({name for one in lists for name in one} - set(forms)) == []


@pytest.mark.parametrize(
    ("text", "is_a_form"),
    [
        ('<c-form :form="form"></c-form>', True),
        ('<form class="form" method="post">{{ form }}</form>', True),
        ('<form method="post"><c-field :field="form.x" /><c-field :field="form.y" /></form>', True),
        ('<form method="post"><input type="text" name="why"></form>', True),
        (
            '<form method="post"><input type="hidden" name="act"><c-button>x</c-button></form>',
            False,
        ),
        ('<form method="get"><input name="q"></form>', False),
    ],
)
def test_what_counts_as_a_form(tmp_path: Path, text: str, is_a_form: bool) -> None:
    (tmp_path / "page.html").write_text(text)
    assert list(with_a_form(tmp_path)) == (["page.html"] if is_a_form else [])


def test_where_empty_is_fine_the_page_has_a_form() -> None:
    kinds = set(PHOTOGRAPHED.values())
    beside = {"/wat-we-weten/vraag/inzien/", "/wat-we-weten/vraag/wissen/"}
    assert refused.EMPTY_IS_FINE - kinds == beside


@pytest.mark.parametrize(
    ("line", "english"),
    [
        ("This password is too short. It must contain at least 12 characters.", True),
        ("Het wachtwoord lijkt te veel op de e-mailadres.", True),
        ("This field is required.", True),
        ("Enter a valid date.", True),
        ("Dit is nog niet ingevuld.", False),
        ("Join Us, Groep 12-16 in Arnhem", False),
    ],
)
def test_a_sentence_that_is_not_dutch_is_seen(line: str, english: bool) -> None:
    assert bool(ENGLISH.search(line)) is english
