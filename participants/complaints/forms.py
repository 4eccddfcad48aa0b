"""Telling that something is not okay, and answering it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.names import isolated
from participants.complaints.complaints import Hearer

LONGEST = 5000


class TellForm(forms.Form):
    to = forms.TypedChoiceField(
        label=_("Who may read it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these people, please.")},
    )
    words = forms.CharField(
        label=_("What is not okay?"),
        help_text=_("In your own words. You do not have to know the whole story."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what is not okay, please.")},
    )

    def __init__(self, *args: Any, people: list[Hearer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.user.pk): one.user for one in people}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (str(one.user.pk), f"{isolated(one.user.name)}, {one.role}") for one in people
        ]
        if people:
            self.initial["to"] = str(people[0].user.pk)

    def clean_to(self) -> User:
        return self.people[self.cleaned_data["to"]]


class StepForm(forms.Form):
    words = forms.CharField(
        label=_("What do you write?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first, please.")},
    )
