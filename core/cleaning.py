"""One form for every text that somebody types or pastes, and what no text field may hold.

`install()` makes every `forms.CharField` (ours, allauth's, the admin's) read alike: NFC; without
the signs that nobody sees; a line with single spaces; and empty when nothing in it can be seen. By
the properties that Unicode gives each sign, never by a list of ours (R-342). Controls and what is
broken beyond reading are refused at the field, and so are line breaks in a line: a name never is
a mail header (trust.md 14). A password stays as it was typed. A form shows nothing of it:
it is set once, for all, when the program starts.
"""

import unicodedata
from typing import Any, Literal

import regex
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000

#: Joiners stand where a script or an emoji needs them, tags behind the black flag (Scotland's).
_JOINERS = "\u200c\u200d"
_TAGS = "\U000e0020-\U000e007f"
_NEEDS_A_JOINER = (
    r"[\p{Emoji}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}"
    r"\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}"
    r"\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}"
    r"\p{Script=Khmer}\p{Script=Myanmar}&&[^0-9#*]]"
)
_UNSEEN = regex.compile(
    rf"(?V1)[\p{{Default_Ignorable_Code_Point}}--[{_JOINERS}{_TAGS}\p{{Variation_Selector}}]]"
    rf"|[\uFFF9-\uFFFB]"
    rf"|[{_JOINERS}](?<!{_NEEDS_A_JOINER}\p{{M}}*[{_JOINERS}])|[{_JOINERS}](?!{_NEEDS_A_JOINER})"
    rf"|[{_TAGS}](?<![\U0001F3F4{_TAGS}][{_TAGS}])"
)
#: Unicode's own bound (UAX 15, stream-safe): no word of any language has more on one letter, and
#: putting them in order costs the square of their number.
MOST_MARKS = 30
_MARK = r"[\p{M}\uFF9E\uFF9F]"  # the last two are marks once NFKC took them apart
_TOO_MANY_MARKS = regex.compile(rf"({_MARK}{{{MOST_MARKS}}}){_MARK}+")
#: One of these is enough to be seen. A mark or a selector needs a letter to stand on; U+2800 is
#: the dot pattern without dots.
_SEEN = regex.compile(
    r"(?V1)[^\s\p{Z}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]"
    r"|\p{Prepended_Concatenation_Mark}"
)
_BROKEN = regex.compile(r"(?V1)[[\p{Cc}--\s]\p{Cs}\p{Noncharacter_Code_Point}\uFFFD]")
_BREAK = regex.compile(r"[\n\r]")
_OTHER_BREAKS = regex.compile(r"[\x0b\x0c\x85\u2028\u2029]")
_SPACES = regex.compile(r"[\p{Zs}\t]+")
_UNREADABLE = _("There is a character in this that we cannot read. Please type it again.")
_ONE_LINE = _("Please keep this on one line.")


def one_form(text: str) -> str:
    """The text in NFC without what nobody sees; its lines and spaces stay as they are."""
    lines = _few_marks(_OTHER_BREAKS.sub("\n", text))
    seen: str = _UNSEEN.sub("", lines)
    return in_form("NFC", seen)


def in_form(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Unicode's form of anything that somebody typed, however they piled its marks."""
    return unicodedata.normalize(form, _few_marks(text))


def _few_marks(text: str) -> str:
    few: str = _TOO_MANY_MARKS.sub(r"\1", text)
    return few


def one_line(text: str) -> str:
    """The same for a name or an address: single spaces, none around it."""
    line: str = _SPACES.sub(" ", one_form(text))
    return line.strip()


def is_seen(text: str) -> bool:
    """Does anything of it show on a page?"""
    return bool(_SEEN.search(text))


def refuse_unreadable(value: Any) -> None:
    """Validator for text of several lines."""
    if isinstance(value, str) and _BROKEN.search(value):
        raise ValidationError(_UNREADABLE, code="unreadable")


def refuse_unreadable_line(value: Any) -> None:
    """Validator for a name, an address: one line."""
    refuse_unreadable(value)
    if isinstance(value, str) and _BREAK.search(value):
        raise ValidationError(_ONE_LINE, code="one_line")


def refuse_endless(value: Any) -> None:
    """For a field without a length of its own; a field with one says how many fit, once."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValidationError(_("This is too long. Please make it shorter."), code="too_long")


def _several_lines(field: forms.CharField) -> bool:
    return isinstance(field.widget, forms.Textarea)


def _validators_of(field: forms.CharField) -> list[Any]:
    readable = refuse_unreadable if _several_lines(field) else refuse_unreadable_line
    return [readable] if field.max_length is not None else [readable, refuse_endless]


_as_given = forms.CharField.to_python


def _read(self: forms.CharField, value: Any) -> Any:
    """What the field makes of what was typed; a password is not text but a key."""
    if isinstance(self.widget, forms.PasswordInput):
        return _as_given(self, value)
    if value in self.empty_values:
        return self.empty_value
    text = str(value)
    clean = one_form(text) if _several_lines(self) else _line_kept_broken(text)
    return _as_given(self, clean if is_seen(clean) else "")


def _line_kept_broken(text: str) -> str:
    """In one line, but with the breaks in its midst: the validator refuses those."""
    line: str = _SPACES.sub(" ", one_form(text.strip()))
    return line


def install() -> None:
    """Called once by CoreConfig.ready. Fields with default validators of their own (e-mail,
    address of a page) keep those: they already refuse all of this."""
    forms.CharField.default_validators = property(_validators_of)  # type: ignore[assignment]
    forms.CharField.to_python = _read  # type: ignore[method-assign]
