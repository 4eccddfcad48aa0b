"""Fields that more than one form of this app uses."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

WITHOUT_CONTROLS = RegexValidator(
    r"[\x00-\x1f\x7f\u2028\u2029]",
    message=_("Use one line of plain letters, please."),
    inverse_match=True,
)


def one_line(**options: Any) -> forms.CharField:
    """A name or telephone: no line breaks or control characters, so no header is smuggled in."""
    return forms.CharField(validators=[WITHOUT_CONTROLS], **options)
