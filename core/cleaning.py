"""What no text field of any form may hold: invisible control characters and broken unicode.

`install()` makes every `forms.CharField` (ours, allauth's, the admin's) refuse them with a message
at the field. One line fields refuse line breaks too, so a name never becomes a mail header
(trust.md 14). A form shows nothing of it: it is set once, for all, when the program starts.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000

_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd\ufffe\uffff\ud800-\udfff"
)
_FORBIDDEN = re.compile(f"[{_INVISIBLE}]")
_FORBIDDEN_IN_A_LINE = re.compile(f"[\t\r\n\u2028\u2029{_INVISIBLE}]")
_UNREADABLE = _("There is a character in this that we cannot read. Please type it again.")
_ONE_LINE = _("Please keep this on one line.")


def refuse_unreadable(value: Any) -> None:
    """Validator for text of several lines."""
    if isinstance(value, str) and _FORBIDDEN.search(value):
        raise ValidationError(_UNREADABLE, code="unreadable")


def refuse_unreadable_line(value: Any) -> None:
    """Validator for a name, an address: one line."""
    refuse_unreadable(value)
    if isinstance(value, str) and _FORBIDDEN_IN_A_LINE.search(value):
        raise ValidationError(_ONE_LINE, code="one_line")


def refuse_endless(value: Any) -> None:
    """For a field without a length of its own; a field with one says how many fit, once."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValidationError(_("This is too long. Please make it shorter."), code="too_long")


def _validators_of(field: forms.CharField) -> list[Any]:
    several_lines = isinstance(field.widget, forms.Textarea)
    readable = refuse_unreadable if several_lines else refuse_unreadable_line
    return [readable] if field.max_length is not None else [readable, refuse_endless]


def install() -> None:
    """Called once by CoreConfig.ready. Fields with default validators of their own (e-mail,
    address of a page) keep those: they already refuse all of this."""
    forms.CharField.default_validators = property(_validators_of)  # type: ignore[assignment]
