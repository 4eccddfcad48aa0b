"""No text field of any form takes what nobody can read (trust.md 14)."""

import time
from collections.abc import Callable

import pytest
from django import forms

from core.cleaning import LONGEST_TEXT, one_form
from core.mailbox import same_address
from core.telephone import same_number

LINE, TEXT = forms.CharField(), forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize(
    "bad", ["a\x00b", "a\x07b", "a\x7fb", "a\x81b", "\x00", "a\ufffeb", "a\ufffdb", chr(0xD800)]
)
def test_every_text_field_refuses_what_nobody_can_read(bad: str) -> None:
    for field in (LINE, TEXT, forms.CharField(required=False, max_length=5)):
        with pytest.raises(forms.ValidationError):
            field.clean(bad)


@pytest.mark.parametrize(
    "bad", ["Bo\r\nBcc: all@example.org", "Bo\nde Wit", "Bo\x85de Wit", "a\u2028b"]
)
def test_a_line_is_one_line(bad: str) -> None:
    with pytest.raises(forms.ValidationError):
        LINE.clean(bad)


def test_several_lines_may_be_several_lines() -> None:
    assert TEXT.clean("Eén\r\n\ttwee 👋🏽") == "Eén\r\n\ttwee 👋🏽"
    assert LINE.clean("Zoë O’Neill-van ’t Hof") == "Zoë O’Neill-van ’t Hof"


def test_no_text_is_endless() -> None:
    with pytest.raises(forms.ValidationError):
        TEXT.clean("x" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize("bad", ["bo\x00@example.org", "bo@example.org\r\nBcc: a@example.org"])
def test_addresses_refuse_it_too(bad: str) -> None:
    with pytest.raises(forms.ValidationError):
        forms.EmailField().clean(bad)


def test_a_length_is_told_once() -> None:
    """The length of the field, and only that; a field without one has the length of the house."""
    with pytest.raises(forms.ValidationError) as refused:
        forms.CharField(max_length=300).clean("x" * (LONGEST_TEXT + 1))
    assert len(refused.value.messages) == 1
    assert "300" in refused.value.messages[0]


#: As much as one request may bring (DATA_UPLOAD_MAX_MEMORY_SIZE), two bytes a sign.
MUCH = 128_000
PILES = {
    "marks out of order": "a" + "\u0301\u0316" * (MUCH // 2),
    "first the one, then the other": "a" + "\u0301" * (MUCH // 2) + "\u0316" * (MUCH // 2),
    "joiners between": "a" + "\u0301\u200d\u0316\u200d" * (MUCH // 4),
    "a joiner behind many": ("\u0301" * 1000 + "\u200d") * (MUCH // 1001),
    "marks that come apart later": "a" + "\uff9e\u0334" * (MUCH // 2),
}


@pytest.mark.req("R-342")
@pytest.mark.parametrize("read", [one_form, same_address, same_number, LINE.to_python])
@pytest.mark.parametrize("pile", PILES)
def test_no_text_keeps_a_computer_busy(read: Callable[[str], object], pile: str) -> None:
    """Putting marks in order costs the square of their number: one request took a minute."""
    began = time.process_time()
    read(PILES[pile])
    assert time.process_time() - began < 3


def test_words_that_stand_on_their_marks_keep_them_all() -> None:
    for word in ("ส้ํา", "שָׁלוֹם", "Nguyễn", "ངྷ྄ོ", "Z" + "\u0335" * 12 + "oë"):
        assert one_form(word) == one_form(one_form(word))
        assert len(one_form(word)) >= len(word) - 2
