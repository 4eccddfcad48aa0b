"""No text field of any form takes what nobody can read (trust.md 14)."""

import pytest
from django import forms

from core.cleaning import LONGEST_TEXT

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
