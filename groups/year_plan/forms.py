"""The days that somebody ticks in the plan of a year, and one more of their own choice."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.fields import calendar_field

MOST = 60


class DaysField(forms.MultipleChoiceField):
    """Ticked days. Which were proposed may have changed in between, so any day is read; whether it
    can be planned is the act's to say."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if len(value) > MOST:
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        super().validate(value)

    def valid_value(self, value: Any) -> bool:
        try:
            date.fromisoformat(str(value))
        except ValueError:
            return False
        return True


class DatesForm(forms.Form):
    """The ticked days, and another one; one of the two is enough."""

    dates = DaysField(
        label=_("Meetings"),
        required=False,
        error_messages={"invalid_choice": _("Choose days out of this plan.")},
    )
    other = calendar_field(label=_("Another day"), required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dates"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("dates") and not cleaned.get("other"):
            self.add_error("dates", _("Choose at least one day."))
        return cleaned

    def ticked(self) -> list[date]:
        return [date.fromisoformat(value) for value in self.cleaned_data["dates"]]

    def days(self, ticked: Collection[date]) -> list[date]:
        """What is left of the ticked days and the day of choice, each once, in order."""
        other = self.cleaned_data["other"]
        return sorted({*ticked, other} if other else set(ticked))

    @property
    def stands_for(self) -> dict[str | None, str]:
        """A day that is refused is the one of choice, when there is one; else one of the ticks."""
        field = "other" if self.cleaned_data.get("other") else "dates"
        return {"date": field, None: field}


class RhythmForm(forms.Form):
    """The group's own weekday, time and ages."""

    weekday = forms.TypedChoiceField(
        label=_("On which day?"), choices=list(WEEKDAYS.items()), coerce=int
    )
    starts_at = forms.TimeField(
        label=_("Begins at"),
        help_text=_("A meeting lasts three hours. Most groups choose the evening."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    age_from = forms.IntegerField(label=_("From which age?"), min_value=12, max_value=30)
    age_until = forms.IntegerField(
        label=_("Up to and including which age?"),
        help_text=_("For example 12 to 16, 17 to 23 or 24 to 30."),
        min_value=12,
        max_value=30,
    )
