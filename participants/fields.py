"""Fields that more than one form of this app uses."""

from typing import Any

from django import forms

from core.fields import DayField, calendar_field


def day_field(label: Any, *, required: bool = False, **kwargs: Any) -> DayField:
    return calendar_field(label=label, required=required, **kwargs)


def words_field(label: Any, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
