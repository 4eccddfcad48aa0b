"""The worker's forms about an applicant: a first contact, and another group."""

from typing import Any

from django import forms
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


class MoveForm(forms.Form):
    """Another group fits better: which, and why."""

    to_group = forms.ChoiceField(
        label=_("Which group?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of these groups.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down in a sentence why.")},
    )

    def __init__(self, *args: Any, groups: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        field: Any = self.fields["to_group"]
        field.choices = [
            (
                key,
                _("%(name)s, %(town)s (%(from)d to %(until)d)")
                % {
                    "name": group.name,
                    "town": group.location.town,
                    "from": group.age_from,
                    "until": group.age_until,
                },
            )
            for key, group in self.groups.items()
        ]

    def clean_to_group(self) -> Group:
        return self.groups[self.cleaned_data["to_group"]]
