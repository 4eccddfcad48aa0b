"""The worker's forms about an applicant: a first contact, and another group."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.organisations.models import Group
from participants.models import ContactAttempt


class ContactForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How did it go?"),
        choices=ContactAttempt.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it went.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnotherPersonForm(forms.Form):
    why = forms.CharField(
        label=_("Somebody else? Write down how you know."),
        max_length=200,
        widget=forms.TextInput(),
        error_messages={"required": _("Say how you know.")},
    )


class MoveForm(forms.Form):
    """Another group fits better: which, and why."""

    to_group: Any = forms.ModelChoiceField(
        label=_("Which group?"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Please choose one of these groups."),
            "invalid_choice": _("Please choose one of these groups."),
        },
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down in a sentence why.")},
    )

    def __init__(self, *args: Any, groups: QuerySet[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_group"].queryset = groups  # type: ignore[attr-defined]
