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


def day_field(label: Any, *, required: bool = False, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, **kwargs)


def words_field(label: Any, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
