"""What people type about an activity: an idea, what the group found out, a task, what it costs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.activities.money import NoAmount, read_cents
from groups.models import FundingRequest

OFF = {"autocomplete": "off"}


class EurosField(forms.CharField):
    """An amount, however it is typed; comes out in cents, or None."""

    default_error_messages = {
        "no_amount": _("Write an amount, for example 7,50. Not known yet? Leave it empty."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=30, **options)

    def prepare_value(self, value: Any) -> Any:
        """Kept cents stand in the box as people write euros."""
        return f"{value // 100},{value % 100:02d}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return read_cents(typed or "")
        except NoAmount as wrong:
            raise ValidationError(self.error_messages["no_amount"], code="no_amount") from wrong


class IdeaForm(forms.Form):
    title = forms.CharField(
        label=_("What would you like to do?"),
        help_text=_("A few words are enough. You think of the rest together, later."),
        max_length=120,
        widget=forms.TextInput(attrs=OFF),
    )


class QuestionsForm(forms.Form):
    """Questions, no obligations: whatever stays open, stays open (R-134, R-136)."""

    title = forms.CharField(
        label=_("What are you going to do?"), max_length=120, widget=forms.TextInput(attrs=OFF)
    )
    cost_cents = EurosField(
        label=_("What does it cost per person?"),
        help_text=_("About right is fine. Is it free? Write 0."),
        required=False,
    )
    cost_note = forms.CharField(
        label=_("What do you pay for, and can it be cheaper?"), max_length=200, required=False
    )
    people = forms.CharField(
        label=_("With how many people can you do it?"), max_length=200, required=False
    )
    transport = forms.CharField(
        label=_("How do you get there, and back?"), max_length=200, required=False
    )
    preparation = forms.CharField(
        label=_("What do you have to arrange or buy beforehand?"), max_length=300, required=False
    )

    def __init__(self, *args: Any, renames: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not renames:
            del self.fields["title"]


class WhenForm(forms.Form):
    meeting = forms.TypedChoiceField(
        label=_("Meeting"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a meeting.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = choices  # type: ignore[attr-defined]


class TaskForm(forms.Form):
    task = forms.CharField(
        label=_("What has to be arranged?"), max_length=120, widget=forms.TextInput(attrs=OFF)
    )


class TooExpensiveForm(forms.Form):
    words = forms.CharField(
        label=_("Do you want to say something about it? You do not have to."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RegisterForm(forms.Form):
    """A worker was told, and writes it down for this person."""

    person = forms.ChoiceField(label=_("For whom?"))
    words = forms.CharField(
        label=_("What is it about?"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "…"), *people]  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=FundingRequest.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    amount_cents = EurosField(label=_("How much was paid for it?"), required=False)
    note = forms.CharField(
        label=_("What did you agree?"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StopForm(forms.Form):
    what = forms.CharField(label=_("Where are you going?"), max_length=120)
    place = forms.CharField(label=_("Address or meeting point"), max_length=160, required=False)
    at = forms.TimeField(
        label=_("At what time?"),
        help_text=_("Leave it empty when you leave now."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class CountForm(forms.Form):
    counted = forms.IntegerField(label=_("How many are you?"), min_value=0, max_value=99)
